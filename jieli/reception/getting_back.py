"""“We asked, and get back to you by then”: when the answer comes, the customer is told and the promise is kept."""

from dataclasses import replace

from jieli.bot import facade as bot
from jieli.bot.contracts import Action, BotMove, BotTurn
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import State
from jieli.identity import facade as identity
from jieli.kernel import clock, outbox
from jieli.kernel.actor import BOT, SYSTEM
from jieli.promises import facade as promises
from jieli.promises.contracts import MadeBy, Promise, PromiseKind
from jieli.reception import translate
from jieli.supply import facade as supply
from jieli.supply.contracts import FactKind
from jieli.supply.events import FactArrived
from jieli.understanding.contracts import Emotion, EmotionFinding, Finding, Intent, IntentScore

_ASKED_BY = {
    FactKind.ORDER: Intent.ORDER_QUERY,
    FactKind.PARCEL: Intent.TRACK,
    FactKind.STOCK: Intent.STOCK,
    FactKind.REFUND: Intent.REFUND_STATUS,
    FactKind.INVOICE: Intent.INVOICE,
    FactKind.PROMOTION: Intent.PROMOTION,
}
_MODEL = "arrived-fact@1"


@outbox.on(FactArrived, atomic=False)
def tell(event: FactArrived) -> None:
    """Say what was found to whoever was promised it; a promise that finds no open talk is left for a person."""
    if event.person is None or event.kind not in _ASKED_BY:
        return
    owed = [one for one in promises.open_of([event.person])[event.person] if _is_about(one, event.kind)]
    state = conversations.open_states([event.person]).get(event.person)
    if not owed or state is None:
        return
    move = _move(state, event.kind)
    if move.action is not Action.ANSWER or not move.text or move.promises:
        return  # still unknown, or nothing that answers it
    told = conversations.tell(BOT, conversation=state.id, text=move.text, sources=move.sources)
    for promise in owed:
        promises.settle(SYSTEM, promise=promise.id, evidence={"message": str(told)})


def _is_about(promise: Promise, kind: FactKind) -> bool:
    subject = str(promise.evidence.get("subject", ""))
    return (
        promise.made_by is MadeBy.BOT and promise.kind is PromiseKind.REPLY and subject.startswith(kind.value)
    )


def _move(state: State, kind: FactKind) -> BotMove:
    """The bot's own words for the fact, as if it had just been asked for it."""
    card = identity.cards([state.person], BOT)[state.person]
    finding = Finding(
        intents=(IntentScore(_ASKED_BY[kind], 1.0),),
        emotion=EmotionFinding(Emotion.CALM, 1.0, ()),
        entities=(),
        reasons=("fact_arrived",),
        model=_MODEL,
    )
    turn = BotTurn(
        person=state.person,
        conversation=state.id,
        text="",
        finding=finding,
        now=clock.now(),
        locale=card.locale,
        dialogue=bot.dialogue_of(state.memory),
    )
    return _answered(turn)


def _answered(turn: BotTurn) -> BotMove:
    (asks,) = bot.needs([turn])
    given = supply.lookup_many(asks) if asks else []
    facts = {ask: translate.answer(one) for ask, one in zip(asks, given, strict=True)}
    (move,) = bot.answer_many([replace(turn, facts=facts)])
    return move
