"""Law 2, nothing is lost or doubled: redelivery in every shape, and death at every single statement of reception."""

from itertools import count

from jieli.channels import facade as channels
from jieli.kernel import laws
from jieli.reception import facade as reception
from tests.laws import faults, invariants
from tests.laws.world import LANES, World


def test_the_same_delivery_in_one_batch_at_once_and_later(world: World) -> None:
    one = world.inbound("c1", "你好", message_id="once")
    channel = channels.channel_named("app").id
    together = channels.accept_now(channel, [one, one, one])
    raised = faults.at_once(*[lambda: world.deliver("app", one)] * 4)
    world.receive()
    later = world.deliver("app", one)
    assert raised == []
    assert {accepted.id for accepted in together} == {later}
    assert [accepted.duplicate for accepted in together] == [False, True, True]
    assert world.receive() == 0
    assert len(list(reception.export_contacts())) == 1


def test_one_id_on_two_channels_is_two_messages(world: World) -> None:
    one = world.inbound("c1", "你好", message_id="once")
    assert world.deliver("app", one) != world.deliver("shop", one)
    assert world.receive() == 2


def test_an_old_message_delivered_again_overtakes_nothing(world: World) -> None:
    said = [world.inbound("c1", f"第 {n} 条", message_id=f"m{n}") for n in range(3)]
    for number in (0, 1, 0, 2, 1, 0):
        world.deliver("app", said[number])
    world.receive()
    assert [line["text"] for line in reception.export_contacts()] == ["第 0 条", "第 1 条", "第 2 条"]


def test_death_at_every_statement_of_reception(world: World) -> None:
    """However far it came: nothing of it stays, and the next worker does all of it, once."""
    acknowledged = {
        world.say("app", "c1", "我的快递到哪里了"): "app:c1",
        world.say("oa", "c2", "转人工"): "oa:c2",
    }
    for statement in count(1):
        with faults.dying(statement):
            reception.handle(LANES)
        handled = len(list(reception.export_contacts()))
        assert handled in {0, 2}, f"died at statement {statement} in the middle of its effects"
        assert list(invariants.acknowledged_once(acknowledged)) == []
        if handled:
            break
    assert statement > 20, "nobody died"
    assert world.receive() == 0
    assert list(laws.breaches()) == []


def test_a_worker_that_lost_its_lanes_changes_nothing(world: World) -> None:
    world.say("app", "c1", "转人工")
    with faults.overtaken(world.receive):
        assert reception.handle(LANES) == 0
    assert len(list(reception.export_contacts())) == 1
    assert channels.intake_counts().pending == 0
    assert list(laws.breaches()) == []
