"""What the bot promised becomes a row of the promise ledger."""

from collections.abc import Sequence

from jieli.kernel.actor import BOT
from jieli.promises import facade as promises
from jieli.promises.contracts import MadeBy, NewPromise, PromiseKind
from jieli.reception.contracts import Case

_KINDS = {
    "answer": PromiseKind.REPLY,
    "ship": PromiseKind.SHIP_BY,
    "refund": PromiseKind.REFUND,
    "live": PromiseKind.OTHER,
}


def record_promises(cases: Sequence[Case]) -> None:
    """In the transaction that handles the batch, after its messages were written."""
    wanted = [
        NewPromise(
            person=case.person,
            kind=_kind(wish.kind),
            what=wish.what.say(case.turn.locale if case.turn else "zh"),
            told=wish.what.told,
            due_at=wish.due_at,
            made_by=MadeBy.BOT,
            made_at=case.turn.now if case.turn else None,
            made_by_id=case.move.decider,
            conversation=case.conversation,
            evidence={"message": str(case.messages[-1]), "subject": wish.subject, "words": wish.evidence},
            once=f"{case.messages[-1]}:{wish.subject}"[:200],
        )
        for case in cases
        if case.move and case.plan and case.plan.text
        for wish in case.move.promises
    ]
    if wanted:
        promises.record_many(BOT, wanted)


def _kind(name: str) -> PromiseKind:
    return _KINDS.get(name, PromiseKind.OTHER)
