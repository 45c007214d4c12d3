"""What the bot would say, for the agent: the same rules, articles and live facts, but nothing is sent or stored."""

from dataclasses import dataclass, replace
from uuid import UUID

from jieli.bot import facade as bot
from jieli.bot.contracts import DECIDER, Action, BotTurn, Source
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import AuthorKind, State
from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.kernel import clock
from jieli.kernel.actor import BOT, Actor
from jieli.kernel.errors import NotFound
from jieli.reception import translate
from jieli.supply import facade as supply
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import PreviousTurn, Turn

_SAYS_NOTHING_NEW = frozenset({Action.HAND_OVER, Action.SILENT, Action.ACKNOWLEDGE})
_BY = {AuthorKind.CUSTOMER: "customer", AuthorKind.AGENT: "agent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`text` is empty when the bot has no answer; then `reasons` say why."""

    text: str
    confidence: float
    sources: tuple[Source, ...]
    reasons: tuple[str, ...]
    decider: str


def suggestion(actor: Actor, conversation: UUID) -> Suggestion:
    """An answer to what the customer said last. Raises `NotFound` for a closed conversation."""
    actor.require("conversation.reply")
    state = conversations.states([conversation]).get(conversation)
    if state is None:
        raise NotFound
    turn = _turn(state)
    if turn is None:
        return Suggestion(text="", confidence=0.0, sources=(), reasons=("nothing_asked",), decider=DECIDER)
    (asks,) = bot.needs([turn])
    answers = supply.lookup_many(asks) if asks else []
    facts = {ask: translate.answer(given) for ask, given in zip(asks, answers, strict=True)}
    (move,) = bot.answer_many([replace(turn, facts=facts)])
    says = move.action not in _SAYS_NOTHING_NEW
    return Suggestion(
        text=governance.mask_text(move.text) if says else "",
        confidence=move.confidence,
        sources=move.sources if says else (),
        reasons=move.reasons,
        decider=move.decider,
    )


def _turn(state: State) -> BotTurn | None:
    """The customer's last words, with what was said before them; the bot's memory of the talk stays out of it."""
    at = max((i for i, line in enumerate(state.recent) if line.by is AuthorKind.CUSTOMER), default=None)
    if at is None:
        return None
    said = state.recent[at]
    previous = tuple(PreviousTurn(_BY.get(line.by, "bot"), line.text) for line in state.recent[:at])  # type: ignore[arg-type]
    now = clock.now()
    (finding,) = understanding.understand([Turn(said.text, now, previous)])
    card = identity.cards([state.person], BOT)[state.person]
    return BotTurn(
        person=state.person,
        conversation=state.id,
        text=said.text,
        finding=finding,
        now=now,
        locale=card.locale,
        previous=previous,
        tier=card.tier.value,
    )
