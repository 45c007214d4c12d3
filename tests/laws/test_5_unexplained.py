"""Law 5, nothing is unexplained: each automatic act of a busy hour can be asked why, from what, and by which version."""

from collections import Counter
from datetime import timedelta

from jieli.conversations.models import Message
from jieli.kernel import decisions, laws
from jieli.kernel.models import Decision
from jieli.reception import facade as reception
from jieli.relay.models import Handover
from tests.laws import faults, invariants
from tests.laws.world import KNOWN_PHONE, LANES, World

EXPECTED = {
    "reception",
    "identity.link",
    "identity.merge",
    "routing.queue",
    "routing.assign",
    "relay.escalate",
}


def _hour(world: World) -> None:
    world.hire("lin")
    for text in ("你好", "我的快递到哪里了", "垃圾！骗子！我要投诉！！！", "转人工"):
        world.say("app", "c1", text, phone=KNOWN_PHONE)
        world.receive()
    world.say("shop", "c2", "转人工", account="A-1")
    world.say("shop", "c3", "你好", phone="13900000002")
    world.receive()
    world.say("shop", "c2", "我是老客户", account="A-1", phone="13900000002")
    world.receive()
    for _ in range(4):
        world.work()
        world.clock.shift(timedelta(minutes=6))
        world.sweep()


def test_every_kind_of_decision_names_decider_inputs_and_reasons(world: World) -> None:
    _hour(world)
    seen = Counter(Decision.objects.values_list("kind", flat=True))
    assert seen.keys() >= EXPECTED, f"missing: {EXPECTED - seen.keys()}"
    for row in Decision.objects.all():
        assert row.outcome, row.kind
        assert row.reasons, row.kind
        name, _, version = row.decider.partition("@")
        assert (name and version) or ":" in row.decider, f"{row.kind}: “{row.decider}” names no version"
        assert row.inputs or row.kind == "routing.assign", row.kind
    assert list(laws.breaches()) == []
    assert list(invariants.fits()) == []


def test_each_handover_that_nobody_made_has_its_decision(world: World) -> None:
    """At the very moment when the baton passed."""
    _hour(world)
    made = {(row.subject, row.at) for row in Decision.objects.all()}
    spoken = Message.objects.exclude(decision=None).values_list("conversation", "at")
    made |= {(talk, at) for talk, at in spoken}
    passed = Handover.objects.exclude(by_kind="human").exclude(from_kind="")
    assert passed.count() > 5
    for row in passed:
        assert row.why, row.id
        assert (row.matter_id, row.at) in made, f"{row.from_kind} → {row.to_kind}: {row.why}"


def test_a_message_that_only_failed_is_explained_too(world: World) -> None:
    world.say("app", "c1", "你好")
    for statement in (5, 9, 13):
        with faults.breaking(statement):
            reception.handle(LANES)
        world.clock.shift(timedelta(minutes=2))
    world.receive()
    (line,) = reception.export_contacts()
    assert line["decision"]["reasons"]
    assert line["decision"]["model"]


def test_what_was_decided_can_be_read_back(world: World) -> None:
    world.say("app", "c1", "转人工")
    world.receive()
    row = Decision.objects.get(kind="reception")
    (told,) = decisions.of(row.subject, "reception")
    assert told.id == row.id
    assert told.inputs["intent"]
    assert told.inputs["emotion"]
