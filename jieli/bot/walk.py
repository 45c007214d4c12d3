"""Guiding through a resolution path, one step a turn."""

from dataclasses import replace

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import Action, PathPlace, Source, SourceKind
from jieli.bot.parts import Hand, Part
from jieli.bot.ways import TALK, WAYS
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import EndKind, Path, PathEnd, PathId, Step
from jieli.understanding.contracts import Intent

_ELSEWHERE = 0.6


def start(case: Case, path: Path) -> Part:
    title = case.speech.say("path.start", title=path.title.say(case.turn.locale))
    part = _at(case, path, knowledge.first_step(path))
    return replace(part, text=f"{title}\n{part.text}", reasons=("path_started", *part.reasons))


def go_on(case: Case) -> Part | None:
    """Where the answer leads; None when there is no path under way, or the message is about something else."""
    place = case.state.path
    path = case.shelf.paths.get(PathId(place.path)) if place else None
    if place is None or path is None or path.step(place.step) is None:
        return None
    move = knowledge.take(path, place.step, case.turn.text, confirmed=_confirmed(case))
    if move.step is not None:
        return _at(case, path, move.step)
    if move.end is not None:
        return _ended(case, path, move.end)
    return None if _is_elsewhere(case, path) else _unclear(case, path, place)


def _confirmed(case: Case) -> bool | None:
    return {Intent.AFFIRM: True, Intent.DENY: False}.get(case.turn.finding.intent)


def _is_elsewhere(case: Case, path: Path) -> bool:
    intent, sure = case.turn.finding.intent, case.turn.finding.confidence >= _ELSEWHERE
    leaves = intent is Intent.HUMAN_AGENT or (intent not in TALK and intent is not Intent.OTHER)
    return sure and leaves and intent.value not in path.intents


def _at(case: Case, path: Path, step: Step) -> Part:
    locale = case.turn.locale
    labels = tuple(choice.label.say(locale) for choice in step.choices)
    options = [case.speech.say("path.choice", number=i, label=label) for i, label in enumerate(labels, 1)]
    said = [step.guide.say(locale), step.question.say(locale), *options]
    return Part(
        action=Action.GUIDE,
        text="\n".join(line for line in said if line),
        reasons=(f"path:{path.slug}", f"step:{step.key}"),
        sources=(_source(case, path),),
        options=labels,
        path=PathPlace(path.id, step.key),
        trail=(step.key,),
    )


def _ended(case: Case, path: Path, end: PathEnd) -> Part:
    text = end.text.say(case.turn.locale)
    reasons, sources = (f"path:{path.slug}", f"end:{end.kind}"), (_source(case, path),)
    if end.kind is EndKind.SOLVED:
        return Part(text=text, reasons=reasons, sources=sources)
    last = path.step(case.state.path_trail[-1]) if case.state.path_trail else None
    hand = Hand(
        why="path",
        line="hand.does_it",
        skill=end.target if end.kind is EndKind.HAND_OVER else _skill(path),
        ticket=end.target if end.kind is EndKind.TICKET else "",
        questions=(words.both("open_question.path", step=last.question if last else path.title),),
    )
    return Part(text=text, reasons=reasons, sources=sources, hand=hand)


def _unclear(case: Case, path: Path, place: PathPlace) -> Part:
    """The same step is put once more, with its choices; then a person goes on."""
    step = path.step(place.step)
    if step is None or case.was_asked(f"step:{place.step}"):
        question = words.both("open_question.path_answer", text=case.turn.text[:100])
        return Part(
            reasons=("path_answer_unclear",),
            failed=True,
            hand=Hand(why="failed", line="hand.failed", skill=_skill(path), questions=(question,)),
        )
    part = _at(case, path, step)
    return replace(
        part,
        text=f"{case.speech.say('ask.choose')}\n" + "\n".join(part.text.split("\n")[-len(step.choices) :]),
        reasons=("path_answer_unclear", *part.reasons),
        asks=f"step:{place.step}",
        failed=True,
    )


def _skill(path: Path) -> str:
    return WAYS[Intent(path.intents[0])].skill if path.intents and path.intents[0] in set(Intent) else ""


def _source(case: Case, path: Path) -> Source:
    return Source(SourceKind.PATH, path.slug, path.title.say(case.turn.locale), str(path.version))
