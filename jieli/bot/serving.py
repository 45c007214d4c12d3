"""Which intents a turn is answered for: those it carries, or the one that waits for what it gives."""

from jieli.bot.case import Keys, chosen_candidate
from jieli.bot.contracts import BotTurn
from jieli.bot.ways import TALK, WAYS
from jieli.understanding.contracts import Intent

ALSO = 0.3  # a further intent is served from this confidence on
CLEAR = 0.5  # from here on a message that gives what was asked for may also begin something new
_MOST = 3


def heard(turn: BotTurn) -> tuple[Intent, ...]:
    """The intents of the message itself, the main one first."""
    main, *more = turn.finding.intents
    return tuple(dict.fromkeys((main.intent, *(s.intent for s in more if s.confidence >= ALSO))))[:_MOST]


def serving(turn: BotTurn, keys: Keys) -> tuple[Intent, ...]:
    """The matters to serve now; empty when the message is only talk."""
    found = heard(turn)
    pending = _pending(turn)
    if pending and _answers_us(turn, keys, found[0]):
        return (pending,)
    business = tuple(i for i in found if i not in TALK and i is not Intent.OTHER)
    if business:
        return business
    if found[0] is Intent.OTHER:
        return (Intent.OTHER,)
    if found[0] is Intent.PROVIDE_INFO and keys.new:
        return _by_what_was_given(turn, keys)
    return _last(turn) if found[0] is Intent.URGE and turn.waiting is None else ()


def _pending(turn: BotTurn) -> Intent | None:
    name = turn.dialogue.pending
    return Intent(name) if name and name in set(Intent) and turn.dialogue.expecting != "confirm" else None


def _answers_us(turn: BotTurn, keys: Keys, main: Intent) -> bool:
    """What was asked for has come, or plainly will not come."""
    if chosen_candidate(turn) or main in (Intent.PROVIDE_INFO, Intent.DENY, Intent.AFFIRM):
        return True
    vague = main in TALK - {Intent.HUMAN_AGENT, Intent.THANKS_BYE} or main in (
        Intent.OTHER,
        Intent.ORDER_QUERY,
    )
    if keys.new:
        return vague or turn.finding.confidence < CLEAR or main.value == turn.dialogue.pending
    return main is Intent.OTHER


def _by_what_was_given(turn: BotTurn, keys: Keys) -> tuple[Intent, ...]:
    """A bare number continues the matter we are in, or asks how that order is."""
    last = tuple(i for i in _last(turn) if "order" in WAYS[i].ask or WAYS[i].tell)
    if last:
        return last[:1]
    if keys.tracking:
        return (Intent.TRACK,)
    return (Intent.ORDER_QUERY,) if keys.order else ()


def _last(turn: BotTurn) -> tuple[Intent, ...]:
    return tuple(Intent(i) for i in turn.dialogue.intents if i in set(Intent) and Intent(i) not in TALK)
