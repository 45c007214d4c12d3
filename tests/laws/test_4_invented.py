"""Law 4, nothing is invented: facts carry source and age; a silent source gives "unknown, asked, back by", never a guess."""

import re
from datetime import timedelta
from typing import Any

from jieli.conversations.models import Message
from jieli.kernel import laws
from jieli.reception import facade as reception
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, FactKind, Unknown
from tests.laws.client import Desk
from tests.laws.world import KNOWN_PHONE, TRACKING, WHERE, World

ASKED = "我的快递到哪里了"


def _answer() -> Any:
    return Message.objects.filter(direction="out", author_kind="bot").order_by("-pk")[0]


def test_a_fact_is_told_with_who_vouches_for_it_and_since_when(world: World) -> None:
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    told = _answer()
    assert WHERE in told.text
    facts = [source for source in told.sources if source["kind"] == "fact"]
    assert facts
    assert all(source["version"] == "demo" and source["as_of"] for source in facts)


def test_a_silent_source_gives_no_guess(world: World) -> None:
    """The customer is told that it is unknown, who was asked, and by when; the contact is taken all the same."""
    world.source("silent")
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    assert world.receive() == 1
    told = _answer()
    assert WHERE not in told.text
    assert TRACKING not in told.text
    assert re.search(r"\d{1,2}[:：点]\d{0,2}", told.text), f"no time by which it is known: {told.text}"
    [unknown] = supply.lookup_many([Ask(world.known, FactKind.PARCEL)])
    assert isinstance(unknown, Unknown)
    assert unknown.source
    assert unknown.back_by
    assert unknown.back_by > world.clock.now()
    matter = list(reception.export_contacts())[-1]["matter"]
    assert matter["due_at"]
    assert list(laws.breaches()) == []


def test_what_was_once_known_is_not_told_as_if_it_were_now(world: World) -> None:
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    world.source("silent")
    world.clock.shift(timedelta(hours=20))
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    told = _answer()
    stale = [one for one in told.sources if one["kind"] == "fact" and one["as_of"]]
    assert WHERE not in told.text or stale, "an old place without its age"


def test_somebody_elses_parcel_is_not_told(world: World) -> None:
    world.say("app", "stranger", f"快递 {TRACKING} 到哪里了")
    world.receive()
    assert WHERE not in _answer().text


def test_screens_get_source_and_age_or_the_unknown(world: World) -> None:
    world.hire("lin")
    desk = Desk("lin")
    for plays in ("", "silent"):
        world.source(plays)
        for shown in desk.get(f"/persons/{world.known}/context")["facts"]:
            if plays and shown["unknown"]:
                assert shown["asked"]
                assert shown["reason"]
            for fact in shown["facts"]:
                assert fact["source"] == "demo"
                assert fact["as_of"]
                assert fact["simulated"] is True
