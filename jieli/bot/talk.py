"""Greetings, thanks, urging, yes and no: talk that carries no matter of its own."""

from collections.abc import Iterator
from dataclasses import replace

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import Action, OpenPromise, Saying, Source, SourceKind
from jieli.bot.parts import Hand, Part
from jieli.bot.telling import asking
from jieli.bot.ways import WAYS
from jieli.understanding.contracts import Intent

_MOST = 3
_WANTS = ("要", "需要", "转")


def greet(case: Case) -> Part:
    """Hello with what is known to be open; later only "I am here"."""
    say = case.speech.say
    if case.state.greeted:
        return Part(action=Action.GREET, text=say("talk.again"), reasons=("greets_again",))
    name = case.turn.name
    hello = say("talk.greet_name", name=name) if name else say("talk.greet")
    open_ = list(_open_lines(case))
    if not open_:
        return Part(action=Action.GREET, text=case.speech.join(hello, say("talk.what")), reasons=("greets",))
    count = len(open_)
    head = say("talk.open_one") if count == 1 else say("talk.open", count=count)
    said = [case.speech.join(hello, head), *(line for line, _ in open_), say("talk.about_it")]
    sources = tuple(source for _, source in open_)
    return Part(
        action=Action.GREET, text="\n".join(said), reasons=("greets", "open_matters"), sources=sources
    )


def _open_lines(case: Case) -> Iterator[tuple[str, Source]]:
    speech = case.speech
    for matter in case.turn.open_matters[:_MOST]:
        due, step = speech.when(matter.due_at) if matter.due_at else "", _step(case, matter.next_step)
        key = "matter_due" if due and step else "matter_next" if step else "matter"
        line = speech.say(f"talk.{key}", title=matter.title, next=step, due=due)
        yield line, Source(SourceKind.MATTER, str(matter.id), matter.title)
    for promise in case.turn.open_promises[:_MOST]:
        due = speech.when(promise.due_at) if promise.due_at else ""
        what = _what(case, promise)
        line = speech.say("talk.promise_due" if due else "talk.promise", what=what, due=due)
        yield line, Source(SourceKind.PROMISE, str(promise.id), what)


def _step(case: Case, step: str) -> str:
    """What happens next, in words for the customer; codes that we have no words for are not for them."""
    key = f"step.{step.replace('.', '_')}"
    return case.speech.say(key) if words.has(key) else "" if step.isascii() else step


def _what(case: Case, promise: OpenPromise) -> str:
    return case.speech.tell(promise.told) if promise.told else promise.what


def thank(case: Case) -> Part:
    """Closes politely; what stays open is named."""
    open_ = list(_open_lines(case))
    if not open_:
        return Part(action=Action.THANK, text=case.speech.say("talk.thanks"), reasons=("thanks",))
    said = [case.speech.say("talk.thanks_open"), *(line for line, _ in open_)]
    sources = tuple(source for _, source in open_)
    return Part(
        action=Action.THANK, text="\n".join(said), reasons=("thanks", "open_matters"), sources=sources
    )


def waiting(case: Case, *, raises: bool) -> Part:
    """Somebody was already asked to take over: say so, with the place in the queue where it is known."""
    say, place = case.speech.say, case.turn.waiting
    ahead = place.position - 1 if place is not None and place.position else None
    text = say("hand.waiting") if ahead is None else say("hand.waiting_at", ahead=ahead) if ahead else ""
    text = text or say("hand.waiting_next")
    source = Source(SourceKind.QUEUE, str(case.turn.conversation), say("hand.waiting"), as_of=case.now)
    return Part(
        action=Action.ACKNOWLEDGE,
        text=case.speech.join(text, say("hand.raised") if raises else ""),
        reasons=("waits_for_a_person",),
        sources=(source,) if ahead is not None else (),
        raises=raises,
    )


def human(case: Case) -> Part:
    if case.turn.waiting is not None:
        return waiting(case, raises=True)
    return Part(
        reasons=("asked_for_a_person",), hand=Hand(why="asked", line="hand.asked", skill=skill_of(case))
    )


def skill_of(case: Case) -> str:
    """Of the matter that was talked about last."""
    last = [i for i in (case.state.pending, *case.state.intents) if i in set(Intent)]
    return next((WAYS[Intent(i)].skill for i in last if Intent(i) in WAYS), "")


def urge(case: Case) -> Part:
    """While waiting it raises the priority; with nothing told so far a person is what is wanted."""
    if case.turn.waiting is not None:
        return waiting(case, raises=True)
    hand = Hand(why="waited", line="hand.urged", skill=skill_of(case), urgent=True)
    return Part(reasons=("urges",), hand=hand, raises=True)


def agree(case: Case) -> Part:
    """Yes to the offer of a person, also a plain "要" a little later; or simply fine."""
    late = case.was_asked("confirm") and case.turn.text.strip().startswith(_WANTS)
    if case.state.expecting == "confirm" or late:
        hand = Hand(why="agreed", line="hand.asked", skill=skill_of(case), questions=_pending(case))
        return Part(reasons=("agreed",), hand=hand)
    return Part(action=Action.ACKNOWLEDGE, text=case.speech.say("talk.fine"), reasons=("agrees",))


def _pending(case: Case) -> tuple[Saying, ...]:
    last = [i for i in (case.state.pending, *case.state.intents) if i in set(Intent)]
    return tuple(words.both("open_question.does_it", intent=words.intent(Intent(i))) for i in last[:1])


def decline(case: Case) -> Part:
    """No to an offer is fine; no to an answer means that it did not help."""
    if case.state.expecting == "confirm" or not case.state.served:
        return Part(action=Action.ACKNOWLEDGE, text=case.speech.say("talk.fine"), reasons=("declines",))
    return unclear(case, "answer_rejected")


def unclear(case: Case, reason: str) -> Part:
    """Ask for other words once; the second time a person helps."""
    skill = skill_of(case)
    if case.state.failures > 0 or case.was_asked("rephrase"):
        question = words.both("open_question.meaning", text=case.turn.text[:100])
        hand = Hand(why="failed", line="hand.failed", skill=skill, questions=(question,))
        return Part(reasons=(reason, "failed_twice"), failed=True, hand=hand)
    return replace(asking.ask(case, "rephrase", skill), reasons=(reason,), failed=True)


def small_talk(case: Case) -> Part:
    return Part(action=Action.ACKNOWLEDGE, text=case.speech.say("talk.chat"), reasons=("small_talk",))


def noted(case: Case) -> Part:
    """Information without a matter: keep it, and ask what it is for, once."""
    known = bool(case.state.intents) or case.was_asked("what") or case.turn.waiting is not None
    key = "talk.noted" if known else "talk.noted_what"
    asks = "" if known else "what"
    return Part(action=Action.ACKNOWLEDGE, text=case.speech.say(key), reasons=("noted",), asks=asks)


def media(case: Case) -> Part:
    """What the bot cannot read goes to somebody who can."""
    kind = case.turn.type if words.has(f"media.{case.turn.type}") else "other"
    text = case.speech.say("talk.media", kind=case.speech.say(f"media.{kind}"))
    question = words.both("open_question.media", kind=words.both(f"media.{kind}"))
    hand = Hand(why="media", line="", skill=skill_of(case), questions=(question,))
    return Part(text=text, reasons=(f"media:{kind}",), hand=hand)
