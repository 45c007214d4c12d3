"""Facts as sources, and what is said when there is no fact (law 4)."""

from collections.abc import Iterable

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import PromiseWish, Source, SourceKind
from jieli.bot.parts import Hand, Part
from jieli.bot.telling.lines import line_of
from jieli.supply.contracts import Fact, FactKind, Unknown


def source_of(fact: Fact, locale: str) -> Source:
    title = f"{words.say(f'what.{fact.kind}', locale)} {fact.key}"
    ref = f"{fact.kind}:{fact.key}"
    return Source(SourceKind.FACT, ref, title, fact.source, fact.as_of, fact.seal)


def told(case: Case, text: str, facts: Iterable[Fact], *reasons: str) -> Part:
    """A sentence from facts, with their source and the age of the oldest of them."""
    used = tuple(facts)
    oldest = min(used, key=lambda fact: fact.as_of)
    return Part(
        text=case.speech.sourced(text, oldest.source, oldest.as_of),
        facts=used,
        sources=tuple(source_of(fact, case.turn.locale) for fact in used),
        reasons=reasons or tuple(f"fact:{fact.kind}" for fact in used[:1]),
    )


def unknown(case: Case, missing: Unknown, skill: str) -> Part:
    """Says that it is unknown, who was asked, and by when; what was last known comes with its age."""
    speech, kind = case.speech, missing.kind
    what = speech.say(f"what.{kind}")
    slots = {"what": what, "asked": speech.age(missing.asked_at), "source": missing.source}
    subject = f"{kind}:{missing.key}" if missing.key else f"{kind}:person:{case.turn.person}"
    reasons = (f"unknown:{kind}", f"unknown_because:{missing.reason}")
    note, cited = _last_known(case, missing), _cited(case, missing)
    if missing.back_by is None or missing.back_by <= case.now:
        question = words.both("open_question.unknown", what=words.both(f"what.{kind}"), source=missing.source)
        return Part(
            text=speech.join(speech.say("say.unknown_handed", **slots), note),
            reasons=reasons,
            sources=cited,
            hand=Hand(why="unknown", skill=skill, questions=(question,)),
        )
    wish = PromiseWish(
        kind="answer",
        what=words.both("promise.answer", what=words.both(f"what.{kind}")),
        due_at=missing.back_by,
        subject=subject,
        evidence=f"asked {missing.source} at {missing.asked_at.isoformat()}",
    )
    return Part(
        text=speech.join(speech.say("say.unknown", back=speech.when(missing.back_by), **slots), note),
        reasons=reasons,
        sources=cited,
        promises=(wish,),
    )


def _cited(case: Case, missing: Unknown) -> tuple[Source, ...]:
    """Also an "unknown" names who was asked and when; what was last known has its own source."""
    title = case.speech.say(f"what.{missing.kind}")
    ref = f"{missing.kind}:{missing.key or 'unknown'}"
    asked = Source(SourceKind.ASKED, ref, title, missing.source, missing.asked_at)
    old = _newest(missing)
    return (asked, source_of(old, case.turn.locale)) if old and line_of(old, case.speech) else (asked,)


def _newest(missing: Unknown) -> Fact | None:
    return max(missing.last_known, key=lambda fact: fact.as_of, default=None)


def _last_known(case: Case, missing: Unknown) -> str:
    newest = _newest(missing)
    said = line_of(newest, case.speech) if newest else ""
    if newest is None or not said:
        return ""
    return case.speech.say("say.last_known", age=case.speech.age(newest.as_of), text=said)


def nothing_there(case: Case, kind: FactKind) -> str:
    """The sources answered, and there is nothing."""
    what, number = case.speech.say(f"what.{kind}"), case.keys.order or case.keys.tracking
    key = "say.wrong_number" if number else "say.none_found"
    return case.speech.say(key, what=what, number=number)
