"""What the next holder reads, in both languages: who, what they want, what was tried, what is known, what is open."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jieli.bot import words
from jieli.bot.case import Case, given_after
from jieli.bot.contracts import FactNote
from jieli.bot.parts import Part
from jieli.bot.serving import heard
from jieli.bot.speech import Speech
from jieli.bot.telling.lines import line_of
from jieli.bot.telling.sources import source_of
from jieli.knowledge.contracts import LOCALES, Words
from jieli.supply.contracts import Fact
from jieli.understanding.contracts import EntityKind, Intent

_MOST_FACTS = 6
_MOST_LINES = 3
_PRIVATE = frozenset({EntityKind.PHONE, EntityKind.EMAIL, EntityKind.ADDRESS})


def notes(case: Case, parts: Sequence[Part]) -> tuple[FactNote, ...]:
    """The facts that were used, then whatever else was gathered; each with its source and age."""
    used = {(f.kind, f.key): f for part in parts for f in part.facts}
    used |= {(f.kind, f.key): f for f in case.known.all() if (f.kind, f.key) not in used}
    made = (_note(case, fact) for fact in list(used.values())[:_MOST_FACTS])
    return tuple(note for note in made if note.text.zh)


def _note(case: Case, fact: Fact) -> FactNote:
    text = Words(*(line_of(fact, replace(case.speech, locale=locale)) for locale in LOCALES))
    return FactNote(text, source_of(fact, case.turn.locale))


def write(
    case: Case, parts: Sequence[Part], facts: Sequence[FactNote], questions: Sequence[Words], why: str
) -> Words:
    return Words(*("\n".join(_lines(case, parts, facts, questions, why, locale)) for locale in LOCALES))


def _lines(
    case: Case,
    parts: Sequence[Part],
    facts: Sequence[FactNote],
    questions: Sequence[Words],
    why: str,
    locale: str,
) -> Iterator[str]:
    speech = replace(case.speech, locale=locale)
    yield _who(case, speech)
    yield speech.say("summary.wants", intents=_wants(case, speech), emotion=_emotion(case, speech))
    for text in _said(case):
        yield speech.say("summary.said", text=text)
    if given := _given(case, speech):
        yield speech.say("summary.given", given=given)
    yield speech.say("summary.tried", tried=_tried(case, parts, speech))
    if facts:
        yield speech.say("summary.facts")
    for note in facts:
        at = note.source.as_of or case.now
        yield speech.say(
            "summary.fact", text=note.text.say(locale), source=note.source.version, age=speech.age(at)
        )
    if questions:
        yield speech.say("summary.open")
    for question in questions:
        yield speech.say("summary.question", text=question.say(locale))
    yield speech.say("summary.why", why=speech.say(f"why.{why}"))


def _who(case: Case, speech: Speech) -> str:
    name = case.turn.name
    tier = speech.say(f"tier.{case.turn.tier}") if case.turn.tier else ""
    if name and tier:
        return speech.say("summary.who_tier", name=name, tier=tier)
    return speech.say("summary.who", name=name or tier or speech.say("summary.nameless"))


def _wants(case: Case, speech: Speech) -> str:
    """The matters of the whole conversation, the present ones first."""
    named = [
        *heard(case.turn),
        *(Intent(i) for i in (case.state.pending, *case.state.intents) if i in set(Intent)),
    ]
    matters = [i for i in dict.fromkeys(named) if i is not Intent.PROVIDE_INFO] or named[:1]
    return speech.listed([words.intent(i).say(speech.locale) for i in matters[:4]])


def _emotion(case: Case, speech: Speech) -> str:
    return speech.named("emotion", case.turn.finding.emotion.emotion.value)


def _said(case: Case) -> list[str]:
    """The last of the customer's own words, with phone numbers and addresses masked."""
    private = [e.text for e in case.turn.finding.entities if e.kind in _PRIVATE]
    private += [case.state.given[kind] for kind in map(str, _PRIVATE) if case.state.given.get(kind)]
    said = [turn.text for turn in case.turn.previous if turn.by == "customer"][1 - _MOST_LINES :]
    texts = [*said, case.turn.text]
    for secret in private:
        texts = [text.replace(secret, masked(secret)) for text in texts]
    return [text[:200] for text in texts if text.strip()]


def masked(secret: str) -> str:
    """The outer thirds stay, the middle goes."""
    keep = max(1, min(4, len(secret) // 3))
    return f"{secret[:keep]}****{secret[-keep:]}"


def _given(case: Case, speech: Speech) -> str:
    given = given_after(case.turn, case.keys)
    private = set(map(str, _PRIVATE))
    pairs = [f"{speech.named('given', k)} {masked(v) if k in private else v}" for k, v in given.items() if v]
    return speech.listed(pairs)


def _tried(case: Case, parts: Sequence[Part], speech: Speech) -> str:
    offered = dict.fromkeys([*case.state.offered, *(slug for part in parts for slug in part.offered)])
    known = case.shelf.articles
    titles = [known[slug].text(speech.locale).title if slug in known else slug for slug in offered]
    done = [speech.say("tried.article", title=title) for title in titles]
    served = dict.fromkeys(Intent(i) for i in case.state.served if i in set(Intent))
    if served and not offered:
        done.append(
            speech.say("tried.told", what=speech.listed(words.intent(i).say(speech.locale) for i in served))
        )
    place = case.state.path
    path = next((p for p in case.shelf.paths.values() if place and p.id == place.path), None)
    step = path.step(place.step) if path and place else None
    if step:
        done.append(speech.say("tried.path", step=step.question.say(speech.locale)))
    asked = [what for what in case.state.asked if words.has(f"given.{what}")]
    done += [speech.say("tried.asked", what=speech.say(f"given.{what}")) for what in asked]
    return speech.listed(done) or speech.say("tried.nothing")
