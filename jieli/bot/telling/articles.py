"""Answers from articles, always with the article as the source."""

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import Source, SourceKind
from jieli.bot.parts import Hand, Part
from jieli.knowledge.contracts import Hit
from jieli.understanding.contracts import Intent

SURE = 0.45
_WHOLE = 400


def article(case: Case, intent: Intent, skill: str) -> Part | None:
    """The best article that is sure enough and was not sent before; one that is asked for again did not help."""
    fitting = [hit for hit in case.shelf.hits if hit.score >= SURE and _fits(hit, intent, case)]
    fresh = [hit for hit in fitting if hit.slug not in case.state.offered]
    if fresh:
        return _told(case, fresh[0])
    if not fitting:
        return None
    question = words.both("open_question.article", text=case.turn.text[:100])
    return Part(
        reasons=("article_did_not_help", f"article:{fitting[0].slug}"),
        failed=True,
        hand=Hand(why="repeated", line="hand.failed", skill=skill, questions=(question,)),
    )


def _fits(hit: Hit, intent: Intent, case: Case) -> bool:
    """A message with several intents gets for each the article made for it."""
    return (
        intent.value in hit.intents
        or len(case.turn.finding.intents) == 1
        or intent is case.turn.finding.intent
    )


def _told(case: Case, hit: Hit) -> Part:
    body = case.shelf.bodies.get(hit.slug, "")
    return Part(
        text=body if body and len(body) <= _WHOLE else hit.snippet,
        confidence=hit.score,
        sources=(Source(SourceKind.ARTICLE, hit.slug, hit.title, str(hit.version)),),
        reasons=(f"article:{hit.slug}", *hit.reasons),
        offered=(hit.slug,),
    )
