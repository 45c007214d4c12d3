"""Decides one turn: pure, from what was gathered. The rules, in the order in which they hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from jieli.bot import moves, talk, walk, words
from jieli.bot.case import Case
from jieli.bot.contracts import BotMove
from jieli.bot.parts import Hand, Part
from jieli.bot.serving import heard, serving
from jieli.bot.telling import articles, claims, goods, orders
from jieli.bot.ways import WAYS, Then, Way
from jieli.knowledge.contracts import Path
from jieli.understanding.contracts import Emotion, Intent

_ANGRY = 0.5
_UNSURE = 0.35
_REPEATED = 3
_TELL: Mapping[str, Callable[[Case, str], Part | None]] = {
    "order": orders.order,
    "ship": orders.ship,
    "track": orders.track,
    "stock": goods.stock,
    "product": goods.product,
    "origin": goods.origin,
    "promotion": goods.promotion,
    "refund": goods.refund,
    "return": goods.return_,
    "invoice": goods.invoice,
    "warranty": goods.warranty,
}
_TALK: Mapping[Intent, Callable[[Case], Part]] = {
    Intent.GREETING: talk.greet,
    Intent.THANKS_BYE: talk.thank,
    Intent.URGE: talk.urge,
    Intent.AFFIRM: talk.agree,
    Intent.DENY: talk.decline,
    Intent.CHITCHAT: talk.small_talk,
    Intent.PROVIDE_INFO: talk.noted,
}


def decide(case: Case) -> BotMove:
    """A wish for a person comes first, then a path under way, then every matter of the message, then mere talk."""
    found = heard(case.turn)
    if case.turn.type == "event" and not case.turn.text.strip():
        return moves.join(case, [Part(reasons=("event",))], ())
    if case.turn.type in _MEDIA and not case.turn.text.strip():
        return moves.join(case, [talk.media(case)], ())
    if Intent.HUMAN_AGENT in found:
        return moves.join(case, [talk.human(case)], tuple(i for i in found if i in WAYS))
    walked = walk.go_on(case)
    if walked is not None:
        return moves.join(case, _calmed(case, [walked]), ())
    served = serving(case.turn, case.keys)
    if served:
        return _matters(case, found, served)
    return moves.join(case, _calmed(case, [_TALK[found[0]](case)]), ())


_MEDIA = frozenset({"image", "voice", "video", "file", "location", "card"})


def _matters(case: Case, found: Sequence[Intent], served: Sequence[Intent]) -> BotMove:
    parts = [part for intent in served for part in _serve(case, intent)]
    hello = Intent.GREETING in found and not case.state.greeted
    before = case.speech.say("talk.hello") if hello else ""
    return moves.join(case, _calmed(case, _tired(case, parts, served)), served, before=before)


def _serve(case: Case, intent: Intent) -> list[Part]:
    way = WAYS[intent]
    if way.then is Then.HAND_OVER and _is_guess(case, intent):
        return [articles.article(case, intent, way.skill) or talk.unclear(case, "low_confidence")]
    if intent is Intent.PROMISE_CLAIM:
        return [claims.claim(case, way.skill)]
    path = case.shelf.path
    if path is not None and intent.value in path.intents and case.turn.waiting is None:
        return _on_a_path(case, path, way)
    parts = _tell(case, intent, way)
    return parts + _then(case, intent, way, parts)


def _on_a_path(case: Case, path: Path, way: Way) -> list[Part]:
    """What is known is told before the first step; where that already needs a person, the path is not begun."""
    told = _TELL[way.tell](case, way.skill) if way.tell else None
    if told is None or told.asks or told.is_unknown:
        return [walk.start(case, path)]
    return [told] if told.hand else [told, walk.start(case, path)]


def _is_guess(case: Case, intent: Intent) -> bool:
    """Too little was understood to send somebody off; what was asked for, or a found livestream, makes it sure."""
    guessed = case.turn.finding.confidence < _UNSURE and intent is case.turn.finding.intent
    return guessed and not case.turn.mentions and not case.keys.new and case.state.pending != intent.value


def _tell(case: Case, intent: Intent, way: Way) -> list[Part]:
    """Facts or articles, whichever this intent puts first; the other where the first has nothing."""

    def facts() -> Part | None:
        return _TELL[way.tell](case, way.skill) if way.tell else None

    def article() -> Part | None:
        return articles.article(case, intent, way.skill) if way.article else None

    mentioned = claims.mentioned(case) if intent is Intent.PROMOTION else None
    told = article() if way.first else facts()
    if told is None or (told.is_unknown and not case.keys.order):
        told = (facts() if way.first else article()) or told
    return [part for part in (mentioned, told) if part is not None]


def _then(case: Case, intent: Intent, way: Way, parts: Sequence[Part]) -> list[Part]:
    if any(part.asks or part.hand for part in parts):
        return []
    if not parts:
        return [_nothing(case, intent, way)]
    by_article = any(part.offered for part in parts)
    if way.then is Then.HAND_OVER and not (by_article and not case.keys.new):
        return [_does_it(intent, way)]
    if any(part.is_unknown for part in parts) or way.then is Then.NOTHING:
        return []
    if case.was_asked("confirm") or case.turn.waiting is not None:
        return []
    return [
        Part(
            text=case.speech.say("ask.person"),
            asks="confirm",
            pending=intent.value,
            reasons=("offers_a_person",),
        )
    ]


def _nothing(case: Case, intent: Intent, way: Way) -> Part:
    """Neither fact nor article: whoever does it takes over, or what was meant is asked once."""
    if way.then is Then.HAND_OVER:
        return _does_it(intent, way)
    if case.turn.finding.confidence < _UNSURE:
        return talk.unclear(case, "low_confidence")
    question = words.both("open_question.article", text=case.turn.text[:100])
    hand = Hand(why="no_answer", line="hand.unsure", skill=way.skill, questions=(question,))
    return Part(reasons=("no_answer",), hand=hand)


def _does_it(intent: Intent, way: Way) -> Part:
    question = words.both("open_question.does_it", intent=words.intent(intent))
    why = "complaint" if intent is Intent.COMPLAINT else "does_it"
    hand = Hand(
        why=why, line=way.line, skill=way.skill, questions=(question,), ticket=way.ticket, urgent=way.urgent
    )
    return Part(reasons=("a_person_does_it",), hand=hand)


def _tired(case: Case, parts: list[Part], served: Sequence[Intent]) -> list[Part]:
    """The same matter for the third time in a row, and nothing new to say: what we say does not settle it."""
    last = case.state.served[1 - _REPEATED :]
    often = [i for i in served if last == (i.value,) * (_REPEATED - 1)]
    if not often or case.turn.waiting is not None or any(part.hand or part.offered for part in parts):
        return parts
    hand = Hand(why="repeated", line="hand.failed", skill=WAYS[often[0]].skill)
    return [*parts, Part(reasons=("same_matter_again",), hand=hand)]


def _calmed(case: Case, parts: Sequence[Part]) -> list[Part]:
    """Anger is answered by a person: what is known is told, nothing is asked any more."""
    mood = case.turn.finding.emotion
    if mood.emotion is not Emotion.ANGRY or mood.score < _ANGRY:
        return list(parts)
    told = [replace(part, hand=part.hand, asks="", text="") if part.asks else part for part in parts]
    hand = Hand(why="angry", line="hand.angry", skill=_skill(case), urgent=True)
    return [*told, Part(reasons=("angry", *mood.reasons[:2]), hand=hand)]


def _skill(case: Case) -> str:
    """Of the matter; a complaint that can be heard at all goes to those who handle complaints."""
    if any(score.intent is Intent.COMPLAINT for score in case.turn.finding.intents):
        return WAYS[Intent.COMPLAINT].skill
    served = [i for i in heard(case.turn) if i in WAYS]
    return WAYS[served[0]].skill if served else talk.skill_of(case)
