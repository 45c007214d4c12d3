"""The life of a telephone call: it rings, is answered, ends, or is missed and leaves a trace in the conversation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from jieli.channels.contracts import InboxItem, MessageType
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import ConversationId, Happening, Holding
from jieli.governance import facade as governance
from jieli.kernel import bulk, clock, deadlines, jobs, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Conflict, Forbidden, NotFound
from jieli.reception import telephone
from jieli.reception.contracts import CallState, Case
from jieli.reception.events import CallChanged
from jieli.reception.models import Call
from jieli.reception.policy import CALL_BACK_WITHIN, WRAP_UP_WITHIN
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, Holder, HolderKind, MatterId, MatterState
from jieli.routing import facade as routing

RINGS = timedelta(seconds=60)
"""A telephone rings no longer than this before the exchange takes the call back, whether it says so or not."""

TALK_WITHIN = timedelta(minutes=30)
_DEADLINE = "reception.call_rings"
_MOVED = ["conversation", "person", "extension", "state", "answered_by"]
_NEXT = {
    CallState.ANSWERED: ("agent.follow_up", TALK_WITHIN, "call_answered"),
    CallState.ENDED: ("agent.follow_up", WRAP_UP_WITHIN, "call_ended"),
    CallState.MISSED: ("agent.call_back", CALL_BACK_WITHIN, "call_missed"),
}
_UNTIL_ANSWERED = frozenset({"agent.pick_up"})
_WHILE_TALKING = frozenset({"agent.pick_up", "agent.follow_up"})


def follow(cases: Sequence[Case]) -> None:
    """Move calls on by what the exchange told of them, in the transaction that handles it."""
    told = [(case, item) for case in cases for item in case.items if item.inbound.type is MessageType.CALL]
    if not told:
        return
    rows = _known([item for _, item in told])
    agents = _agents([item for _, item in told])
    moved = {
        row.id: row for case, item in told if (row := _move(rows, case, item, agents)) is not None
    }  # what began and ended in one batch is told once
    if moved:
        bulk.upsert(list(moved.values()), unique=["id"], update=_MOVED)
        _tell(list(moved.values()))


def _known(items: Sequence[InboxItem]) -> dict[tuple[UUID, str], Call]:
    found = Call.objects.select_for_update().filter(
        channel__in={item.channel.id for item in items}, name__in={_name(item) for item in items}
    )
    return {(row.channel, row.name): row for row in found.order_by("id")}


def _name(item: InboxItem) -> str:
    return item.inbound.context.get("call", item.inbound.message_id)[:200]


def _agents(items: Sequence[InboxItem]) -> dict[str, UUID]:
    """Those who answered, by the names that the exchange gives them: their sign-in names."""
    named = {item.inbound.context.get("agent", "") for item in items} - {""}
    return governance.ids_of(named) if named else {}


def _move(
    rows: dict[tuple[UUID, str], Call], case: Case, item: InboxItem, agents: dict[str, UUID]
) -> Call | None:
    """The call after this event, in `rows` as well; None when nothing changed."""
    key, context = (item.channel.id, _name(item)), item.inbound.context
    row = rows.get(key)
    before = CallState(row.state) if row else None
    state = telephone.after(before, item.inbound.event, context.get("answered", ""))
    if state is None:
        return None
    if row is None:
        row = rows[key] = _begun(item, *key)
    row.conversation, row.person, row.state = case.conversation, case.person, state
    row.extension = context.get("extension", row.extension)[:120]
    if state is CallState.ANSWERED:
        row.answered_by = agents.get(context.get("agent", ""))
    return row


def _begun(item: InboxItem, channel: UUID, name: str) -> Call:
    return bulk.row(
        Call,
        channel=channel,
        name=name,
        inbox=item.id,
        caller=governance.mask_phone(item.inbound.sender.key)[:120],
        rang_at=item.inbound.sent_at,
    )


def _tell(moved: Sequence[Call]) -> None:
    """Screens hear of it, the ledger of what is left to do; who rings too long is looked at again."""
    outbox.append(
        *(
            CallChanged(call=row.id, conversation=row.conversation, state=row.state, by=row.answered_by)
            for row in moved
        )
    )
    rings = {row.id for row in moved if row.state == CallState.RINGING}
    deadlines.clear(_DEADLINE, [row.id for row in moved if row.id not in rings])
    deadlines.set_many(_DEADLINE, dict.fromkeys(rings, clock.now() + RINGS))
    for row in moved:
        if row.state != CallState.RINGING:
            _write_down(row)


def _write_down(call: Call) -> None:
    """What is left to do about the call, where nobody does something else; a missed one stands in the thread."""
    talk = ConversationId(MatterId(call.conversation))
    state = conversations.states([talk]).get(talk)
    if state is None:
        return
    missed = [Happening(conversation=talk, code="call.missed", content={"caller": call.caller})]
    holding = _holding(relay.states([talk])[talk], CallState(call.state))
    conversations.write(
        SYSTEM,
        held=conversations.held({talk: state.version}),
        openings=(),
        lines=missed if call.state == CallState.MISSED else (),
        memory={},
        queues={},
        holdings={talk: holding} if holding else {},
    )


def _holding(matter: MatterState, state: CallState) -> Holding | None:
    """Nobody who writes to the customer is disturbed: only a step that the call itself set gives way to the next."""
    ours = _WHILE_TALKING if state is CallState.ENDED else _UNTIL_ANSWERED
    if matter.next_step not in ours or not _ours(matter.holder):
        return None
    step, within, why = _NEXT[state]
    return Holding(holder=matter.holder, next_step=step, due_at=clock.now() + within, why=why)


def _ours(holder: Holder) -> bool:
    return holder.kind in {HolderKind.QUEUE, HolderKind.AGENT}


@deadlines.on_due(_DEADLINE)
def rings_too_long(call: UUID) -> None:
    """The sweeper must not wait for a conversation: a job does."""
    jobs.enqueue(_DEADLINE, {"call": str(call)}, unique_key=f"{_DEADLINE}:{call}")


@jobs.handler(_DEADLINE)
def give_up(payload: dict[str, Any]) -> None:
    """Nobody said how the call ended: it was missed."""
    found = Call.objects.filter(id=payload["call"], state=CallState.RINGING)
    for talk in found.values_list("conversation", flat=True):
        conversations.hold([talk])  # before the call's own row, as everywhere
    for call in found.select_for_update():
        call.state = CallState.MISSED
        call.save(update_fields=["state"])
        _tell([call])


def _by_somebody(event: dict[str, Any]) -> bool:
    return bool(event["state"] == CallState.ANSWERED and event["by"])


@outbox.on(CallChanged, when=_by_somebody)
def give_to_who_answered(event: CallChanged) -> None:
    """Whoever talks to the customer has the conversation, unless a colleague has it already."""
    assert event.by is not None
    try:
        routing.take(governance.actor_by_id(event.by), conversation=event.conversation)
    except (Conflict, Forbidden, NotFound):
        return
    matter = relay.states([event.conversation])[event.conversation]
    if matter.holder != Holder(HolderKind.AGENT, str(event.by)):
        return
    step, within, why = _NEXT[CallState(Call.objects.get(id=event.call).state)]
    due_at = clock.now() + within
    change = Change(matter=matter.id, next_step=step, due_at=due_at, why=why)
    relay.change_many(SYSTEM, [change])
