"""Customers' turns as they were when they were decided, read back from the thread and from the decisions.

The door of conversations gives no single messages yet, so this module, and no other, reads their rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.apps import apps

from jieli.kernel import decisions
from jieli.kernel.actor import Actor
from jieli.kernel.decisions import Decision
from jieli.kernel.errors import NotFound
from jieli.kernel.realtime import topics
from jieli.learning.errors import NotUnderstood
from jieli.understanding.contracts import PreviousTurn, Turn

_IN, _OUT, _JOINED = "in", "out", "joined"
_REMEMBERED, _LONGEST = 8, 300  # of the lines that a decision is made from
_LOOKED_AT = 24  # lines before a message, among them those that were joined to it
_BY: dict[str, Literal["customer", "agent", "bot"]] = {"customer": "customer", "agent": "agent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One customer's turn and what the model found in it."""

    message: UUID
    conversation: UUID
    decision: UUID
    turn: Turn
    brand: str
    intent: str
    emotion: str
    confidence: float | None
    model: str


def seen_by(actor: Actor, message: UUID) -> Decided:
    """Raises `NotFound` for a message the actor may not see, `NotUnderstood` for one that no model has read."""
    row = _messages().filter(id=message).first()
    if row is None:
        raise NotFound
    require_sees(actor, row.conversation_id)
    found = _decided([row])
    if not found:
        raise NotUnderstood
    return found[0]


def require_sees(actor: Actor, conversation: UUID) -> None:
    """Who may follow a conversation live may read it. Raises `NotFound`."""
    if not topics.may_listen(actor, f"conversation:{conversation}"):
        raise NotFound


def of_decision(decision: UUID) -> Decided | None:
    """The turn that a decision was made about."""
    made = decisions.by_id([decision]).get(decision)
    found = _decided(list(_messages().filter(id=made.subject))) if made else []
    return found[0] if found else None


def newest(after: UUID | None, *, limit: int) -> list[Decided]:
    """The newest turns, oldest of them first; with a message's id, only what came after it."""
    rows = _messages().filter(direction=_IN, **({"id__gt": after} if after else {}))
    return _decided(list(rows.order_by("-id")[:limit])[::-1])


def last_message() -> UUID | None:
    found: UUID | None = _messages().order_by("-id").values_list("id", flat=True).first()
    return found


def _messages() -> Any:
    return apps.get_model("conversations", "Message")._default_manager.all()


def _decided(rows: Sequence[Any]) -> list[Decided]:
    """Those of the messages that a model has read, in order."""
    own = [row for row in rows if row.direction == _IN and row.decision]
    before = {row.id: _before(row) for row in own}
    made = decisions.by_id([line.decision for row in own for line in (row, *before[row.id]) if line.decision])
    return [
        _as_decided(row, before[row.id], made)
        for row in own
        if row.decision in made and made[row.decision].inputs.get("intent")
    ]


def _before(row: Any) -> list[Any]:
    """The lines before a message, newest first."""
    lines = _messages().filter(conversation=row.conversation_id, seq__lt=row.seq, direction__in=[_IN, _OUT])
    return list(lines.order_by("-seq")[:_LOOKED_AT])


def _as_decided(row: Any, before: Sequence[Any], made: dict[UUID, Decision]) -> Decided:
    joined, earlier = _parted(before, made)
    inputs = made[row.decision].inputs
    alone = made[row.decision].outcome == _JOINED
    texts = [row.text] if alone else [line.text for line in (*joined[::-1], row) if line.text]
    turn = Turn(
        "\n".join(texts),
        row.received_at or row.at,
        tuple(_spoken(earlier[:_REMEMBERED][::-1])),
        str(inputs.get("expecting", "")),
        tuple(inputs.get("open_matters", ())),
        float(inputs.get("waited_s", 0)),
    )
    return Decided(
        message=row.id,
        conversation=row.conversation_id,
        decision=row.decision,
        turn=turn,
        brand=str(inputs.get("brand", "")),
        intent=str(inputs["intent"]),
        emotion=str(inputs.get("emotion", "")),
        confidence=inputs.get("confidence"),
        model=str(inputs.get("model", "")),
    )


def _parted(before: Sequence[Any], made: dict[UUID, Decision]) -> tuple[list[Any], Sequence[Any]]:
    """What was decided together with the message (newest first), and what was said before all of it."""
    count = 0
    for line in before:
        decision = made.get(line.decision) if line.direction == _IN else None
        if decision is None or decision.outcome != _JOINED:
            break
        count += 1
    return list(before[:count]), before[count:]


def _spoken(lines: Iterable[Any]) -> Iterable[PreviousTurn]:
    for line in lines:
        text = line.text or f"[{line.type}]"
        yield PreviousTurn(_BY.get(line.author_kind, "bot"), text[:_LONGEST])
