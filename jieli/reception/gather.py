"""Collecting what is known about a batch, before any decision and outside any transaction: supply may be slow."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from jieli.bot import facade as bot
from jieli.bot.contracts import BotMove, BotTurn, OpenMatter, OpenPromise, Waiting
from jieli.channels.contracts import InboxItem
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import AuthorKind, ConversationId
from jieli.identity import facade as identity
from jieli.identity.contracts import PersonId
from jieli.kernel import clock
from jieli.kernel.actor import BOT
from jieli.kernel.ids import new_id
from jieli.live import facade as live
from jieli.promises import facade as promises
from jieli.reception import keys, policy, translate
from jieli.reception.contracts import Case
from jieli.relay import facade as relay
from jieli.relay.contracts import HolderKind, MatterId, MatterKind
from jieli.routing import facade as routing
from jieli.routing.contracts import Place
from jieli.supply import facade as supply
from jieli.supply.contracts import Catalogue
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import EMPTY, Lexicon, PreviousTurn, Turn

log = logging.getLogger(__name__)

_BY = {
    AuthorKind.CUSTOMER: "customer",
    AuthorKind.BOT: "bot",
    AuthorKind.AGENT: "agent",
    AuthorKind.SYSTEM: "bot",
}
FACT_BUDGET_S = 1.5
_AT_ONCE = 8


def cases(items: Sequence[InboxItem]) -> list[Case]:
    """One case per person, with everything its decision needs."""
    made = _load(_identify(items))
    _understand(made)
    _gather_for_bot([case for case in made if policy.needs_bot(case)])
    return made


def bare(items: Sequence[InboxItem]) -> list[Case]:
    """Cases with no more than who it is and what it says: for messages that broke the rest before."""
    made = _load(_identify(items))
    _understand(made)
    return made


def _identify(items: Sequence[InboxItem]) -> list[Case]:
    found = identity.resolve_many([keys.contact_of(item) for item in items])
    grouped: dict[PersonId, list[InboxItem]] = {}
    for item, resolution in zip(items, found, strict=True):
        grouped.setdefault(resolution.person, []).append(item)
    states = conversations.open_states(grouped)
    return [
        Case(
            person=person,
            items=own,
            conversation=states[person].id if person in states else ConversationId(MatterId(new_id())),
            state=states.get(person),
        )
        for person, own in grouped.items()
    ]


def _load(made: list[Case]) -> list[Case]:
    cards = identity.cards([case.person for case in made], BOT)
    matters = relay.states([case.conversation for case in made if case.state])
    waiting = [key for key, matter in matters.items() if matter.holder.kind is HolderKind.QUEUE]
    places = routing.places(waiting) if waiting else {}
    present = routing.present({case.state.assignee for case in made if case.state and case.state.assignee})
    for case in made:
        case.card = cards.get(case.person)
        case.matter = matters.get(case.conversation)
        case.place = places.get(case.conversation)
        assignee = case.state.assignee if case.state else None
        case.assignee_present = assignee is None or assignee in present
    return made


def _understand(made: Sequence[Case]) -> None:
    """One vectorised call: each message by itself, and what several bubbles say together."""
    turns, owners = [], []
    for case in made:
        previous = _previous(case)
        expecting = str(case.state.memory.get("expecting", "")) if case.state else ""
        for item in case.items:
            turns.append(Turn(item.inbound.text, item.received_at, previous, expecting))
        if len(case.items) > 1:
            turns.append(Turn(case.text, case.last.received_at, previous, expecting))
        owners.append(len(case.items))
    found = iter(understanding.understand(turns, lexicon=_lexicon()))
    for case, count in zip(made, owners, strict=True):
        case.findings = [next(found) for _ in range(count)]
        case.whole = next(found) if count > 1 else case.findings[-1]


def _previous(case: Case) -> tuple[PreviousTurn, ...]:
    recent = case.state.recent if case.state else ()
    return tuple(PreviousTurn(_BY[line.by], line.text) for line in recent)  # type: ignore[arg-type]


def _lexicon() -> Lexicon:
    return _lexicons.of(supply.lexicon())


class _Lexicons:
    """The lexicon of the newest catalogue; understanding caches its matchers by the object itself."""

    def __init__(self) -> None:
        self.catalogue: Catalogue | None = None
        self.lexicon = EMPTY

    def of(self, catalogue: Catalogue) -> Lexicon:
        if catalogue is not self.catalogue:
            self.catalogue, self.lexicon = catalogue, Lexicon(products=catalogue.products)
        return self.lexicon


_lexicons = _Lexicons()


def _gather_for_bot(made: Sequence[Case]) -> None:
    if not made:
        return
    people = [case.person for case in made]
    matters, promised = _open_matters(people), promises.open_of(people)
    for case in made:
        case.mentions = tuple(
            translate.mentions(live.mention(case.text, case.last.received_at, translate.context(case)))
        )
        case.turn = _turn(
            case, matters.get(case.person, ()), translate.promises(promised.get(case.person, ()))
        )
    turns = [case.turn for case in made if case.turn]
    wanted = bot.needs(turns)
    flat = [ask for asks in wanted for ask in asks]
    answers = iter(supply.lookup_many(flat, budget_s=FACT_BUDGET_S) if flat else ())
    for case, asks in zip(made, wanted, strict=True):
        if asks and case.turn:
            case.turn = replace(case.turn, facts={ask: translate.answer(next(answers)) for ask in asks})
    answered = [case.turn for case in made if case.turn]
    for case, move in zip(made, _worded(answered, bot.answer_many(answered)), strict=True):
        case.move = move


def _worded(turns: Sequence[BotTurn], moves: Sequence[BotMove]) -> Sequence[BotMove]:
    """Where a language model is set up, it may word the answers, several at a time; its guard has the last word."""
    if not bot.model():
        return moves
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="model") as pool:
        return list(pool.map(bot.with_model, turns, moves))


def _open_matters(people: Sequence[PersonId]) -> dict[PersonId, tuple[OpenMatter, ...]]:
    """Tickets, returns and visits that are open, not the talk itself."""
    found: dict[PersonId, tuple[OpenMatter, ...]] = {}
    for matter in relay.matters_of(people):
        if matter.kind is not MatterKind.CONVERSATION and matter.person is not None:
            shown = OpenMatter(
                id=matter.id,
                kind=matter.kind.value,
                title=matter.title,
                holder=matter.holder.kind.value,
                next_step=matter.next_step,
                due_at=matter.due_at,
            )
            key = PersonId(matter.person)
            found[key] = (*found.get(key, ()), shown)
    return found


def _turn(case: Case, matters: tuple[OpenMatter, ...], promised: tuple[OpenPromise, ...]) -> BotTurn:
    card = case.card
    waits = case.matter is not None and case.matter.holder.kind is HolderKind.QUEUE
    return BotTurn(
        person=case.person,
        conversation=case.conversation,
        text=case.text,
        finding=case.finding,
        now=clock.now(),
        locale=card.locale if card else "zh",
        channel=case.last.channel.kind,
        type=case.last.inbound.type.value,
        previous=_previous(case),
        dialogue=bot.dialogue_of(case.state.memory if case.state else None),
        open_matters=matters,
        open_promises=promised,
        mentions=case.mentions,
        tier=card.tier.value if card else "",
        waiting=_waiting(case.place) if waits else None,
    )


def _waiting(place: Place | None) -> Waiting:
    return Waiting(place.position, place.expected_wait_s) if place else Waiting()
