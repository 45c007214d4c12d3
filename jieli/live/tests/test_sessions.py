"""Sessions, what is on air, imports that may be repeated, due times of what hosts promise."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.errors import Forbidden
from jieli.kernel.ids import new_id
from jieli.kernel.models import Event
from jieli.live import facade as live
from jieli.live import models
from jieli.live.contracts import DueAfter, DueRule, SessionState
from jieli.live.errors import SessionUnknown, SessionWrong
from jieli.live.tests.conftest import COAT, KETTLE, NOW, H, sessions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("aired")]


def test_what_is_on_air() -> None:
    assert [(one.session.key, one.item.sku) for one in live.on_air(NOW)] == [("day", COAT)]
    last_night = NOW - timedelta(hours=18, minutes=5)
    assert [(one.session.key, one.item.sku) for one in live.on_air(last_night)] == [("night", KETTLE)]
    assert live.on_air(NOW - 3 * H) == []
    assert live.on_air(last_night + timedelta(minutes=15)) == [], "between two items"


def test_a_session_as_a_whole() -> None:
    row = models.Session.objects.get(key="night")
    found = live.session(SYSTEM, row.id)
    assert (found.state, found.room.host) == (SessionState.ENDED, "露米")
    assert [item.position for item in found.items] == [3, 12]
    assert [promise.key for promise in found.promises] == ["n1", "n2", "n3"]
    with pytest.raises(SessionUnknown):
        live.session(SYSTEM, new_id())
    with pytest.raises(Forbidden):
        live.session(Actor(kind=ActorKind.HUMAN), row.id)


def test_importing_again_replaces_and_keeps_ids() -> None:
    before = dict(models.HostPromise.objects.values_list("key", "id"))
    night = sessions()[0]
    live.import_sessions([replace(night, items=night.items[:1], promises=night.promises[:2])])
    assert models.Session.objects.count() == 4
    after = dict(models.HostPromise.objects.filter(session__key="night").values_list("key", "id"))
    assert after == {key: before[key] for key in ("n1", "n2")}
    assert models.SessionItem.objects.filter(session__key="night").count() == 1
    assert Event.objects.filter(name="live.session_changed").count() == 5


def test_sessions_that_cannot_be_are_refused() -> None:
    night = sessions()[0]
    for wrong in (
        replace(night, room="nowhere"),
        replace(night, ends_at=night.starts_at),
        replace(night, items=(replace(night.items[0], price="free"),)),
    ):
        with pytest.raises(SessionWrong):
            live.import_sessions([wrong])


@pytest.mark.parametrize(
    ("after", "paid", "delivered", "due"),
    [
        (DueAfter.ORDER_PAID, NOW, None, NOW + 48 * H),
        (DueAfter.ORDER_PAID, None, NOW, None),
        (DueAfter.DELIVERED, NOW, None, None),
        (DueAfter.DELIVERED, NOW, NOW + H, NOW + 49 * H),
        (DueAfter.SESSION_END, None, None, NOW - 15 * H + 48 * H),
    ],
)
def test_due_times(
    after: DueAfter, paid: datetime | None, delivered: datetime | None, due: datetime | None
) -> None:
    rule = DueRule(after, 48)
    assert live.due_at(rule, session_end=NOW - 15 * H, paid_at=paid, delivered_at=delivered) == due


def test_law_5_finds_promises_without_evidence() -> None:
    assert not [one for one in laws.breaches() if one.audit.startswith("live.")]
    models.HostPromise.objects.filter(key="n1").update(evidence={})
    [breach] = [one for one in laws.breaches() if one.audit.startswith("live.")]
    assert "滤芯" in breach.what
