"""A ringing call reaches the desks before anything is decided, with whoever is known by the number."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from jieli.channels import facade as channels
from jieli.channels.contracts import Inbound, MessageType, Sender
from jieli.kernel import clock, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Published
from jieli.reception.tests.conftest import Say, export

PHONE = "13800000000"


def _ring(call: str) -> dict[str, Any]:
    """What the desks are shown when this number rings."""
    inbound = Inbound(
        message_id=call,
        sender=Sender(key=PHONE, phone=PHONE),
        type=MessageType.CALL,
        event="call.ringing",
        sent_at=clock.now(),
        context={"call": call},
    )
    channels.accept_now(channels.channel_named("hotline").id, [inbound])
    before = outbox.position()
    outbox.publish()
    rang = [one for one in outbox.after(before) if "desk" in one.topics]
    told = [Published(one.position or 0, one.name, tuple(one.topics), one.payload) for one in rang]
    (frame,) = [one for one in projections.frames(told) if one.name == "call.ringing"]
    assert frame.topic == "desk"
    return dict(frame.data)


def test_a_number_nobody_has_pops_up_as_a_stranger(house: clock.ManualClock) -> None:
    channels.create_channel(SYSTEM, kind="cti", name="hotline", settings={"secret": "s" * 24})
    assert _ring("c1")["person"] is None


def test_a_number_known_from_another_channel_pops_up_with_its_person(
    say: Say, handle: Callable[[], int]
) -> None:
    channels.create_channel(SYSTEM, kind="cti", name="hotline", settings={"secret": "s" * 24})
    say("我的快递到哪里了", phone=PHONE)
    handle()
    line = export()[-1]
    pop = _ring("c1")
    assert UUID(pop["person"]["id"]) == UUID(line["person"])
    assert pop["conversation"] == line["conversation"]
    assert pop["caller"] == "138****0000"
