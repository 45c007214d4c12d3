"""From the parts of an answer to one move, and to what the bot remembers."""

from collections.abc import Sequence
from dataclasses import replace

from jieli.bot import summary, talk
from jieli.bot.case import Case, given_after
from jieli.bot.contracts import Action, BotMove, DialogueState, HandoverWish, PathPlace
from jieli.bot.parts import Hand, Part
from jieli.understanding.contracts import Emotion, Intent

_REMEMBERED = 12
ANXIOUS = 0.5


def join(case: Case, parts: Sequence[Part], served: Sequence[Intent], *, before: str = "") -> BotMove:
    """One text, at most one question, at most one hand-over; everything that led here as reasons."""
    kept = _one_question(_without_hands(case, parts) if case.turn.waiting is not None else list(parts))
    hand = _hand(kept)
    if hand is not None:
        kept = [replace(p, asks="", text="" if p.asks else p.text, options=(), path=None) for p in kept]
    action = _action(kept, hand)
    text = _text(case, kept, hand, before)
    return BotMove(
        action=action if text or hand else Action.SILENT,
        text=text,
        dialogue=_remember(case, kept, served, hand, said=bool(text)),
        reasons=_reasons(case, kept, hand),
        confidence=min([case.turn.finding.confidence, *(part.confidence for part in kept)]),
        sources=tuple(dict.fromkeys(source for part in kept for source in part.sources)),
        handover=_wish(case, kept, hand) if hand else None,
        promises=tuple(dict.fromkeys(wish for part in kept for wish in part.promises)),
        options=next((part.options for part in kept if part.options), ()),
        raise_priority=any(part.raises for part in kept) or bool(hand and hand.urgent),
    )


def _without_hands(case: Case, parts: Sequence[Part]) -> list[Part]:
    """Somebody is already coming: facts are told, nothing is asked, nobody is called again."""
    told = [replace(p, hand=None) for p in parts if p.text and not p.asks]
    raises = any(part.raises or (part.hand and part.hand.urgent) for part in parts)
    is_ack = any("waits_for_a_person" in part.reasons for part in told)
    return told if told and (is_ack or not raises) else [*told, talk.waiting(case, raises=raises)]


def _one_question(parts: list[Part]) -> list[Part]:
    asking = [part for part in parts if part.asks or part.path]
    return [part for part in parts if part not in asking[1:]]


def _hand(parts: Sequence[Part]) -> Hand | None:
    """The most urgent wish, with the open questions of all."""
    wishes = [part.hand for part in parts if part.hand is not None]
    if not wishes:
        return None
    first = max(wishes, key=lambda hand: (hand.why in ("angry", "asked"), hand.urgent))
    questions = tuple(dict.fromkeys(question for hand in wishes for question in hand.questions))
    return replace(
        first,
        questions=questions,
        skill=first.skill or next((hand.skill for hand in wishes if hand.skill), ""),
        ticket=first.ticket or next((hand.ticket for hand in wishes if hand.ticket), ""),
        urgent=any(hand.urgent for hand in wishes),
    )


def _action(parts: Sequence[Part], hand: Hand | None) -> Action:
    if hand is not None:
        return Action.HAND_OVER
    actions = [part.action for part in parts]
    for leading in (Action.ASK, Action.GUIDE, Action.ANSWER):
        if leading in actions:
            return leading
    return actions[0] if actions else Action.SILENT


def _text(case: Case, parts: Sequence[Part], hand: Hand | None, before: str) -> str:
    say = case.speech.say
    lines = [part.text for part in parts if part.text]
    mood = case.turn.finding.emotion
    if hand is not None and hand.why in ("angry", "complaint"):
        before = say("talk.sorry")
    elif mood.emotion is Emotion.ANXIOUS and mood.score >= ANXIOUS and any(part.facts for part in parts):
        before = say("talk.calm")
    if hand is not None and hand.line:
        lines.append(say(hand.line))
    return "\n".join(dict.fromkeys(line for line in (before, *lines) if line))


def _reasons(case: Case, parts: Sequence[Part], hand: Hand | None) -> tuple[str, ...]:
    finding = case.turn.finding
    found = [reason for part in parts for reason in part.reasons]
    found = ([f"hand_over:{hand.why}"] if hand else []) + found
    found += [f"intent:{finding.intent}", f"emotion:{finding.emotion.emotion}"]
    return tuple(dict.fromkeys(found))


def _wish(case: Case, parts: Sequence[Part], hand: Hand) -> HandoverWish:
    facts, said = summary.notes(case, parts), summary.tell(case, parts, hand.why)
    return HandoverWish(
        skill=hand.skill,
        why=hand.why,
        summary=summary.write(case, said, facts, hand.questions),
        told=said,
        open_questions=hand.questions,
        facts=facts,
        ticket=hand.ticket,
        urgent=hand.urgent,
    )


def _remember(
    case: Case, parts: Sequence[Part], served: Sequence[Intent], hand: Hand | None, *, said: bool
) -> DialogueState:
    state = case.state
    asks = next((part.asks for part in parts if part.asks), "")
    business = tuple(i.value for i in served)
    pending = next((part.pending for part in parts if part.pending), "") or (
        business[0] if asks and business else ""
    )
    keeps_pending = asks in ("", "rephrase", "what") and not business
    failed = any(part.failed for part in parts)
    helped = bool(business) and not failed and hand is None
    return DialogueState(
        asked={**state.asked, **({asks: state.asked.get(asks, 0) + 1} if asks else {})},
        given=given_after(case.turn, case.keys),
        pending=state.pending if keeps_pending and state.expecting != "confirm" else pending,
        expecting=asks,
        candidates=next((part.candidates for part in parts if part.candidates), ()),
        path=_place(case, parts, hand),
        path_trail=_trail(case, parts),
        failures=0 if helped else state.failures + failed,
        intents=business or state.intents,
        served=(*state.served, *business)[-_REMEMBERED:],
        greeted=state.greeted or said,
        offered=(*state.offered, *(slug for part in parts for slug in part.offered))[-_REMEMBERED:],
        skus=case.keys.skus,
    )


def _place(case: Case, parts: Sequence[Part], hand: Hand | None) -> PathPlace | None:
    """A path ends with its end, with a hand-over, and when the customer turns to something else."""
    return None if hand else next((part.path for part in parts if part.path), None)


def _trail(case: Case, parts: Sequence[Part]) -> tuple[str, ...]:
    walked = [step for part in parts for step in part.trail]
    return (*case.state.path_trail, *walked)[-_REMEMBERED:]
