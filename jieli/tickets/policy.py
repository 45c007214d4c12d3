"""The rules of tickets, without a database: the stage machine, what each stage asks of whom, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import Forbidden, Invalid
from jieli.relay.contracts import Holder, HolderKind, MatterState
from jieli.tickets.contracts import CheckItem, Stage
from jieli.tickets.errors import ImpossibleStage, ItemsStillOpen

READ, WRITE = "ticket.read", "ticket.write"
QUEUE = "tickets"
CONFIRM, REPLY, DELIVER, SOLVE, ASSIGN, READ_REPLY, FOLLOW_UP = (
    "confirm_solution", "reply", "deliver", "solve", "assign", "read_reply", "follow_up"
)  # fmt: skip

FIRST_STAGE = Stage.NEW
_ONWARDS = (Stage.WORKING, Stage.WAITING_CUSTOMER, Stage.WAITING_PARTNER, Stage.SOLVED, Stage.CLOSED)
MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset(_ONWARDS),
    Stage.WORKING: frozenset(_ONWARDS) - {Stage.WORKING},
    Stage.WAITING_CUSTOMER: frozenset(_ONWARDS) - {Stage.WAITING_CUSTOMER},
    Stage.WAITING_PARTNER: frozenset(_ONWARDS) - {Stage.WAITING_PARTNER},
    Stage.SOLVED: frozenset({Stage.WORKING, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.WORKING}),
}
_PERSONAL = (HolderKind.AGENT, HolderKind.EXPERT, HolderKind.ENGINEER)

WAIT_FOR_CUSTOMER = timedelta(days=3)
WAIT_FOR_PARTNER = timedelta(days=2)
WAIT_FOR_CONFIRMATION = timedelta(days=3)
NEXT_STEP_WITHIN = {  # how soon the next step is due once the time to solve is over
    1: timedelta(minutes=30),
    2: timedelta(hours=2),
    3: timedelta(hours=8),
    4: timedelta(hours=24),
}


def stage_of(matter: MatterState, before: Stage) -> Stage:
    """The stage follows who has the baton: there is no second truth beside the matter."""
    if not matter.open:
        return Stage.CLOSED
    if matter.next_step == CONFIRM:
        return Stage.SOLVED
    if matter.holder.kind is HolderKind.CUSTOMER:
        return Stage.WAITING_CUSTOMER
    if matter.holder.kind is HolderKind.SUPPLIER:
        return Stage.WAITING_PARTNER
    taken = matter.holder.kind in _PERSONAL and matter.accepted_at is not None
    return Stage.NEW if before is Stage.NEW and not taken else Stage.WORKING


def require_move(before: Stage, after: Stage) -> None:
    """Raises `ImpossibleStage` for a move that the table does not have."""
    if after is not before and after not in MOVES[before]:
        raise ImpossibleStage(f"A ticket cannot go from {before} to {after}.")


def is_worker(holder: Holder) -> bool:
    """Holders to whom the ticket comes back when customer or partner answered, or let their time pass."""
    return holder.kind not in (HolderKind.CUSTOMER, HolderKind.SUPPLIER)


def escalation_line(severity: int) -> str:
    return "green_channel" if severity == 1 else "ticket"


def require_everything_checked(items: Iterable[CheckItem], *, force: bool) -> None:
    if not force and any(not item.done for item in items):
        raise ItemsStillOpen


def require_bearable_checklist(items: Sequence[CheckItem]) -> None:
    if len(items) > 100:
        raise Invalid("A checklist has at most 100 items.")


def require_customer(actor: Actor) -> None:
    if actor.kind is not ActorKind.CUSTOMER:
        raise Forbidden("This is for customers; staff use the ticket's own doors.")


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Without blanks and repetitions, in the order given. Raises `Invalid` for more than 20."""
    kept = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept) > 20:
        raise Invalid("A ticket has at most 20 tags.")
    return kept
