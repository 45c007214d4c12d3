import pytest

from jieli.bot.contracts import SourceKind
from jieli.bot.tests.makers import (
    NOW,
    ORDER,
    TRACKING,
    at,
    move,
    order,
    parcel,
    refund,
    turn,
    with_facts,
    with_unknown,
)
from jieli.supply.contracts import FactKind
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_a_parcel_is_told_with_place_age_arrival_and_source() -> None:
    m = move(with_facts(turn("到哪了", I.TRACK), parcel(), order(state="shipped")))
    assert m.text == (
        f"您的包裹 {TRACKING}（顺丰速运）运输中，20 分钟前在杭州：离开杭州转运中心。"
        "预计明天 18:00 前送达（来源：erp，3 分钟前）。"
    )
    assert [(s.kind, s.ref) for s in m.sources] == [(SourceKind.FACT, f"parcel:{TRACKING}")]


def test_before_anything_is_shipped_tracking_tells_when_it_will_be() -> None:
    m = move(with_facts(turn("到哪了", I.TRACK), order()))
    assert "最晚明天 14:00 前发出" in m.text
    assert [(w.kind, w.subject) for w in m.promises] == [("ship", f"order:{ORDER}")]


@pytest.mark.parametrize(
    ("fact", "intent", "why"),
    [
        (order(promised_at=at(hours=3)), I.SHIP_WHEN, "late"),
        (parcel(eta=at(hours=3)), I.TRACK, "late"),
        (parcel(state="exception", exception="damaged"), I.TRACK, "exception"),
        (refund(due_at=at(hours=3)), I.REFUND_STATUS, "late"),
    ],
)
def test_what_is_late_or_broken_is_told_and_handed_over_at_once(fact, intent: Intent, why: str) -> None:  # type: ignore[no-untyped-def]
    m = move(with_facts(turn("看看", intent), fact))
    assert m.handover is not None
    assert (m.handover.why, m.handover.urgent, m.raise_priority) == (why, True, True)
    assert "抱歉" in m.text
    assert m.promises == ()


def test_without_a_shipping_date_nobody_guesses_one() -> None:
    value = dict(order().value)
    del value["promised_at"]
    fact = order().__class__(FactKind.ORDER, ORDER, value, "erp", NOW)
    m = move(with_facts(turn("何时发", I.SHIP_WHEN), fact))
    assert "还没有发货时间" in m.text
    assert m.handover is not None


def test_stale_knowledge_is_shown_with_its_age_and_never_as_the_present() -> None:
    old = parcel(tracks=[{"at": at(hours=9), "place": "金华", "text": "到达"}])
    m = move(with_unknown(turn("到哪了", I.TRACK), last_known=(old,)))
    assert "最后知道的是" in m.text
    assert "9 小时前在金华" in m.text
