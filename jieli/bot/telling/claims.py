"""What a host promised on air, and that a person settles it."""

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import Mention, PromiseWish, Source, SourceKind
from jieli.bot.parts import Hand, Part


def claim(case: Case, skill: str) -> Part:
    """Cites session and words where they are recorded; else says that there is no record. Always handed over."""
    best = max(case.turn.mentions, key=lambda m: (bool(m.words), m.confidence), default=None)
    hand = Hand(why="claim", line="hand.live", skill=skill, questions=(words.both("open_question.promise"),))
    if best is None:
        return Part(text=case.speech.say("live.no_session"), reasons=("no_session",), hand=hand)
    if not best.words:
        text = case.speech.say("live.no_words", title=best.title, started=case.speech.when(best.started_at))
        return Part(text=text, reasons=("no_host_words",), sources=(_source(best),), hand=hand)
    wishes = _wishes(best)
    text = case.speech.join(said(case, best), case.speech.say("live.recorded") if wishes else "")
    return Part(
        text=text,
        reasons=("host_words", f"session:{best.session}"),
        confidence=best.confidence,
        sources=(_source(best),),
        promises=wishes,
        hand=hand,
    )


def said(case: Case, mention: Mention) -> str:
    """When, where and in which words."""
    at = mention.said_at or mention.started_at
    slots = {"said": case.speech.when(at), "title": mention.title, "host": mention.host}
    text = case.speech.say("live.said", words=mention.words.rstrip("。."), **slots)
    condition = mention.condition.rstrip("。.")
    return case.speech.join(text, case.speech.say("live.condition", condition=condition) if condition else "")


def mentioned(case: Case) -> Part | None:
    """For a question about an offer: what the host said about it, if anything is recorded."""
    best = max((m for m in case.turn.mentions if m.words), key=lambda m: m.confidence, default=None)
    if best is None:
        return None
    return Part(
        text=said(case, best), reasons=("host_words",), confidence=best.confidence, sources=(_source(best),)
    )


def _source(mention: Mention) -> Source:
    ref = mention.promise or mention.session
    return Source(SourceKind.SESSION, ref, mention.title, mention.room, mention.said_at or mention.started_at)


def _wishes(mention: Mention) -> tuple[PromiseWish, ...]:
    if mention.due_at is None:
        return ()
    wish = PromiseWish(
        kind="live",
        what=words.both("promise.live", words=mention.words.rstrip("。.")),
        due_at=mention.due_at,
        subject=f"promise:{mention.promise or mention.session}",
        evidence=f"session {mention.session}",
    )
    return (wish,)
