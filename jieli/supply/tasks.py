from typing import Any
from uuid import UUID

from django.db import transaction

from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry
from jieli.kernel import clock, jobs, outbox
from jieli.kernel.errors import Transient
from jieli.supply import lookup
from jieli.supply.contracts import Ask, FactKind, Unknown
from jieli.supply.events import FactArrived, ParcelMoved

_BUDGET_S = 10.0


@outbox.on(ParcelMoved, queue="supply")
def tell_journey(moved: ParcelMoved) -> None:
    if moved.person is None:
        return
    what = f"exception_{moved.exception}" if moved.exception else moved.state
    identity.append(
        [
            NewJourneyEntry(
                person=moved.person,
                at=clock.now(),
                kind="parcel",
                code=f"parcel_{what}",
                module="supply",
                params={"number": moved.tracking, "order": moved.order},
                ref=moved.tracking,
                once=f"{what}:{moved.tracking}",
            )
        ]
    )


@jobs.handler(lookup.REFRESH, queue="supply", attempts=10, atomic=False)
def refresh(payload: dict[str, Any]) -> None:
    """Ask again, with more patience; whoever waits for the answer hears of it by an event."""
    person = UUID(payload["person"]) if payload["person"] else None
    ask = Ask(person, FactKind(payload["kind"]), payload["key"])
    [answer] = lookup.answer_many([ask], budget_s=_BUDGET_S, refresh=False)
    if isinstance(answer, Unknown):
        if answer.back_by is None:
            return
        raise Transient(f"{answer.source} still does not say: {answer.reason}", code="still_unknown")
    with transaction.atomic():
        outbox.append(FactArrived(ask.kind, ask.key, ask.person, bool(answer)))
