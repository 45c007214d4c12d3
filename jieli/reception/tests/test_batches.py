"""Many messages at once, two workers, and a message that breaks its batch."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxItem
from jieli.kernel import clock, laws
from jieli.reception import gather, pipeline, recording
from jieli.reception.contracts import Case
from jieli.reception.tests.conftest import LANES, Say, export

Handle = Callable[[], int]
PHONE = "13800001234"


def test_two_workers_who_hear_of_one_person_open_one_talk(say: Say, handle: Handle) -> None:
    say("你好", sender="a1", channel="app", phone=PHONE)
    first = _decided()
    say("我的订单到哪里了", sender="s1", channel="shop", phone=PHONE)
    second = [case for case in _decided() if case.last.channel.name == "shop"]
    assert (recording.record(first), recording.record(second)) == (1, 0)
    assert handle() == 1  # left in the inbox, and decided anew with the talk that is there now
    lines = export()
    assert len(lines) == 2
    assert len({line["conversation"] for line in lines}) == 1
    assert not list(laws.breaches())


def _decided() -> list[Case]:
    cases = gather.cases(channels.claim_inbox(LANES, 100))
    pipeline._decide(cases)
    return cases


@pytest.mark.parametrize("at", [0, 6, 12])
def test_one_message_that_breaks_does_not_hold_up_the_others(
    say: Say, handle: Handle, house: clock.ManualClock, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    bad = [say("坏" if n == at else "你好", sender=f"c{n}") for n in range(13)][at]
    say("还在吗", sender=f"c{at}")
    whole = gather.cases
    tries: list[int] = []

    def breaking(items: Sequence[InboxItem]) -> list[Case]:
        tries.append(len(items))
        if any(item.id == bad for item in items):
            raise ValueError("a bug in what gathers")
        return whole(items)

    monkeypatch.setattr(gather, "cases", breaking)
    handle()
    waiting = channels.intake_counts().pending
    assert waiting == 2  # the broken one, and what its sender wrote after it
    assert len(tries) < 13
    for _ in range(4):
        house.shift(timedelta(minutes=1))
        handle()
    said = [line["text"] for line in export() if line["sender"] == f"c{at}"]
    assert said == ["坏", "还在吗"]
    assert not list(laws.breaches())
