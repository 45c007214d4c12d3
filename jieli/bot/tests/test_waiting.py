import pytest

from jieli.bot.contracts import Action, Waiting
from jieli.bot.tests.makers import (
    OTHER_ORDER,
    TRACKING,
    after,
    at,
    move,
    order,
    parcel,
    turn,
    with_facts,
)
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_while_waiting_facts_are_told_but_nobody_is_called_again() -> None:
    m = move(with_facts(turn("到哪了", I.TRACK, waiting=Waiting(3)), parcel(eta=at(hours=1))))
    assert TRACKING in m.text
    assert m.handover is None
    assert m.raise_priority


@pytest.mark.parametrize(("position", "said"), [(3, "前面还有 2 位"), (1, "下一位就是您"), (None, "请稍候")])
def test_urging_while_waiting_raises_the_priority(position: int | None, said: str) -> None:
    m = move(turn("人呢", I.URGE, waiting=Waiting(position)))
    assert (m.action, m.raise_priority, m.handover) == (Action.ACKNOWLEDGE, True, None)
    assert said in m.text


def test_while_waiting_nothing_is_asked() -> None:
    m = move(with_facts(turn("什么时候发货", I.SHIP_WHEN, waiting=Waiting()), order(), order(OTHER_ORDER)))
    assert m.action is Action.ACKNOWLEDGE
    assert m.dialogue.asked == {}


def test_urging_before_that_tells_how_the_matter_stands() -> None:
    first = move(with_facts(turn("到哪了", I.TRACK), parcel()))
    assert TRACKING in move(with_facts(after(first, "快点", I.URGE), parcel())).text
