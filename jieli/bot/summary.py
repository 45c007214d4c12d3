"""What the next holder reads, in any language: who, what they want, what was tried, what is known, what is open."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jieli.bot import told as t
from jieli.bot import words
from jieli.bot.case import Case, given_after
from jieli.bot.contracts import FactNote, Saying
from jieli.bot.parts import Part
from jieli.bot.serving import heard
from jieli.bot.speech import Speech
from jieli.bot.telling.lines import sentences_of
from jieli.bot.telling.sources import source_of
from jieli.bot.told import Sentences, told
from jieli.knowledge.contracts import LOCALES, Words
from jieli.relay.contracts import Told
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
    return tuple(note for note in made if note.told)


def _note(case: Case, fact: Fact) -> FactNote:
    said = sentences_of(fact, case.now)
    text = Words(*(speech.tell(*said).strip() for speech in _readers(case)))
    return FactNote(text, source_of(fact, case.turn.locale), said)


def _readers(case: Case) -> Iterator[Speech]:
    return (replace(case.speech, locale=locale) for locale in LOCALES)


def tell(case: Case, parts: Sequence[Part], why: str) -> Sentences:
    """Who it is, what they want, what was tried, and why it is handed over."""
    return (
        _who(case),
        told("summary.wants", intents=_wants(case), emotion=_emotion(case)),
        *(told("summary.said", text=text) for text in _said(case)),
        *_given(case),
        told("summary.tried", tried=_tried(case, parts)),
        told("summary.why", why=told(f"why.{why}")),
    )


def write(case: Case, summary: Sentences, facts: Sequence[FactNote], questions: Sequence[Saying]) -> Words:
    """All of it as one text, for readers that know no codes."""
    *first, why = summary
    lines = (*first, *_known(case, facts), *_open(questions), why)
    return Words(*("\n".join(speech.tell(line) for line in lines) for speech in _readers(case)))


def _known(case: Case, facts: Sequence[FactNote]) -> Iterator[Told]:
    if facts:
        yield told("summary.facts")
    for note in facts:
        age = t.ago(note.source.as_of or case.now)
        yield told("summary.fact", text=t.sentences(note.told), source=note.source.version, age=age)


def _open(questions: Sequence[Saying]) -> Iterator[Told]:
    if questions:
        yield told("summary.open")
    for question in questions:
        yield told("summary.question", text=question.told or question.zh)


def _who(case: Case) -> Told:
    name = case.turn.name
    tier = told(f"tier.{case.turn.tier}") if case.turn.tier else ""
    if name and tier:
        return told("summary.who_tier", name=name, tier=tier)
    return told("summary.who", name=name or tier or told("summary.nameless"))


def _wants(case: Case) -> t.Value:
    """The matters of the whole conversation, the present ones first."""
    named = [
        *heard(case.turn),
        *(Intent(i) for i in (case.state.pending, *case.state.intents) if i in set(Intent)),
    ]
    matters = [i for i in dict.fromkeys(named) if i is not Intent.PROVIDE_INFO] or named[:1]
    return t.names(t.intent(i) for i in matters[:4])


def _emotion(case: Case) -> t.Value:
    return t.named("emotion", case.turn.finding.emotion.emotion.value)


def _said(case: Case) -> list[str]:
    """The last of the customer's own words, with phone numbers and addresses masked."""
    private = [e.text for e in case.turn.finding.entities if e.kind in _PRIVATE]
    private += [
        case.state.given[kind].rpartition("|")[2] for kind in map(str, _PRIVATE) if case.state.given.get(kind)
    ]
    private = [secret for secret in private if secret]
    said = [turn.text for turn in case.turn.previous if turn.by == "customer"][1 - _MOST_LINES :]
    texts = [*said, case.turn.text]
    for secret in private:
        texts = [text.replace(secret, masked(secret)) for text in texts]
    return [text[:200] for text in texts if text.strip()]


def masked(secret: str) -> str:
    """The outer thirds stay, the middle goes."""
    keep = max(1, min(4, len(secret) // 3))
    return f"{secret[:keep]}****{secret[-keep:]}"


def _given(case: Case) -> Iterator[Told]:
    given = given_after(case.turn, case.keys)
    pairs = [
        told("summary.pair", name=t.named("given", k), value=_guarded(k, v)) for k, v in given.items() if v
    ]
    if pairs:
        yield told("summary.given", given=t.names(pairs))


def _guarded(kind: str, value: str) -> str:
    """What was given as others may read it: of an address the division and the ends of the rest."""
    if kind == EntityKind.ADDRESS.value:
        _, division, rest = value.split("|") if value.count("|") == 2 else ("", "", value)
        return f"{division}{masked(rest)}" if rest else division
    return masked(value) if kind in map(str, _PRIVATE) else value


def _tried(case: Case, parts: Sequence[Part]) -> t.Value:
    done = [*_sent(case, parts), *_guided(case)]
    asked = [what for what in case.state.asked if words.has(f"given.{what}")]
    done += [told("tried.asked", what=told(f"given.{what}")) for what in asked]
    return t.names(done) if done else told("tried.nothing")


def _sent(case: Case, parts: Sequence[Part]) -> Iterator[Told]:
    offered = dict.fromkeys([*case.state.offered, *(slug for part in parts for slug in part.offered)])
    for slug in offered:
        yield told("tried.article", title=_title(case, slug))
    served = dict.fromkeys(Intent(i) for i in case.state.served if i in set(Intent))
    if served and not offered:
        yield told("tried.told", what=t.names(t.intent(i) for i in served))


def _title(case: Case, slug: str) -> t.Value:
    article = case.shelf.articles.get(slug)
    return {locale: article.text(locale).title for locale in LOCALES} if article else slug


def _guided(case: Case) -> Iterator[Told]:
    place = case.state.path
    path = next((p for p in case.shelf.paths.values() if place and p.id == place.path), None)
    step = path.step(place.step) if path and place else None
    if step:
        asked = step.question
        yield told("tried.path", step={locale: asked.say(locale) for locale in LOCALES})
