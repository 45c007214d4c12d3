"""The screen pop: who calls, what is open, how they felt lately, before the agent picks up."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from jieli.conversations import facade as conversations
from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import PersonId
from jieli.kernel.actor import SYSTEM, Actor
from jieli.reception.contracts import Caller, CallState, Colleague, ScreenPop
from jieli.reception.models import Call
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterKind, MatterState

_MOST = 50


def ringing(actor: Actor) -> list[ScreenPop]:
    """What rings now, the oldest first: for a desk that connects in the middle of it."""
    actor.require("conversation.read")
    newest = Call.objects.filter(state=CallState.RINGING).order_by("-rang_at")[:_MOST]
    return shown(reversed(newest))


def by_ids(ids: Iterable[UUID]) -> dict[UUID, ScreenPop]:
    rows = list(Call.objects.filter(id__in=list(ids)))
    return {row.id: pop for row, pop in zip(rows, shown(rows), strict=True)}


def shown(calls: Iterable[Call]) -> list[ScreenPop]:
    rows = list(calls)
    who = governance.people([row.answered_by for row in rows if row.answered_by]) if rows else {}
    names = {key: Colleague(key, person.name) for key, person in who.items()}
    pops = [
        ScreenPop(
            call=row.name,
            channel=row.channel,
            caller=row.caller,
            extension=row.extension,
            at=row.rang_at,
            state=CallState(row.state),
            answered_by=names.get(row.answered_by) if row.answered_by else None,
            conversation=row.conversation,
        )
        for row in rows
    ]
    return known(list(zip(pops, [row.person for row in rows], strict=True)))


def known(pops: Sequence[tuple[ScreenPop, UUID | None]]) -> list[ScreenPop]:
    """The pops with what is known of their persons: card, open matters, the last talk's intent and emotion."""
    people = {person for _, person in pops if person}
    if not people:
        return [pop for pop, _ in pops]
    cards = identity.cards(people, SYSTEM)
    states = conversations.open_states(people)
    matters = _matters(people)
    made = []
    for pop, person in pops:
        card, state = (cards.get(PersonId(person)), states.get(person)) if person else (None, None)
        made.append(
            replace(
                pop,
                person=Caller(card.id, card.name_masked, card.tier.value) if card else None,
                conversation=state.id if state else pop.conversation,
                matters=tuple(matters.get(person, ())) if person else (),
                likely_intent=state.intent if state else "",
                emotion=state.emotion if state else "",
            )
        )
    return made


def _matters(people: Iterable[UUID]) -> dict[UUID, list[MatterState]]:
    """Tickets, returns and visits that are open, not the talk itself."""
    found: dict[UUID, list[MatterState]] = {}
    for person in people:
        found[person] = [m for m in relay.matters_of([person]) if m.kind is not MatterKind.CONVERSATION]
    return found
