"""What is done about a case, as pure rules over what was gathered."""

from datetime import timedelta

from jieli.bot.contracts import Action as Move
from jieli.bot.contracts import BotMove
from jieli.channels.contracts import MessageType
from jieli.conversations.contracts import AuthorKind
from jieli.reception.contracts import Action, Case, Enqueue, Plan
from jieli.relay.contracts import Baton, Holder, HolderKind, Told
from jieli.understanding.contracts import Emotion, Intent

CUSTOMER_HAS = timedelta(hours=24)
AFTER_THANKS = timedelta(minutes=10)
AGENT_HAS = timedelta(minutes=3)
ANGRY_WITHIN = timedelta(seconds=30)
"""An angry customer is looked at by a person within this (product.md B2)."""

CALL_BACK_WITHIN = timedelta(minutes=15)
WRAP_UP_WITHIN = timedelta(minutes=10)

_SILENT_EVENTS = frozenset({"unsubscribe", "menu_view", "location"})
_NEXT_STEP = {
    Move.ASK: "customer.give_info",
    Move.GUIDE: "customer.try_step",
    Move.THANK: "customer.done",
}


def needs_bot(case: Case) -> bool:
    """Whether the bot speaks: not to events that want no answer, not on the telephone, not beside a person."""
    inbound = case.last.inbound
    if inbound.type is MessageType.CALL or inbound.event in _SILENT_EVENTS:
        return False
    return not _with_person(case)


def _with_person(case: Case) -> bool:
    if case.state is None or case.matter is None:
        return False
    kind = case.matter.holder.kind
    return kind in {HolderKind.AGENT, HolderKind.EXPERT} or (
        kind is HolderKind.CUSTOMER and case.state.assignee is not None
    )


def plan(case: Case) -> Plan:
    inbound = case.last.inbound
    if inbound.type is MessageType.CALL:
        return _call(case)
    if inbound.event in _SILENT_EVENTS:
        return _silent(case, f"event:{inbound.event}")
    if _with_person(case):
        return _to_person(case)
    if case.move is None:
        return _blind(case, "no_move")
    return _from_move(case, case.move)


def _to_person(case: Case) -> Plan:
    """Somebody has this conversation: the message is theirs, and the clock runs for them."""
    assert case.state is not None
    assert case.matter is not None
    finding, holder = case.finding, case.matter.holder
    if not case.assignee_present:
        baton = baton_of(case)
        return Plan(
            action=Action.HAND_OVER,
            reasons=("agent_absent", *finding.reasons),
            confidence=finding.confidence,
            enqueue=Enqueue(skill=case.state.queue, why="agent_absent", baton=baton, urgent=_angry(case)),
        )
    within = ANGRY_WITHIN if _angry(case) else AGENT_HAS
    back = holder.kind is HolderKind.CUSTOMER
    reasons = ("anger", *finding.emotion.reasons) if _angry(case) else ("has_agent",)
    return Plan(
        action=Action.TO_HOLDER,
        reasons=reasons,
        confidence=finding.confidence,
        hold=Holder(HolderKind.AGENT, str(case.state.assignee)) if back else holder if _angry(case) else None,
        next_step="agent.answer",
        within=within,
    )


def _from_move(case: Case, move: BotMove) -> Plan:
    waits = case.matter is not None and case.matter.holder.kind is HolderKind.QUEUE
    action = Action(move.action.value)
    if waits:
        said = _said_already(case, move)
        return Plan(
            action=Action.ACKNOWLEDGE if move.action is Move.HAND_OVER else action,
            reasons=("already_waiting", *(("said_already",) if said else ()), *move.reasons),
            confidence=move.confidence,
            text="" if said else move.text,
            raise_priority=move.raise_priority or move.handover is not None or _angry(case),
        )
    if move.handover is not None:
        return Plan(
            action=Action.HAND_OVER,
            reasons=move.reasons,
            confidence=move.confidence,
            text=move.text,
            enqueue=_enqueue(case, move),
        )
    if move.action is Move.SILENT and not move.text:
        return _silent(case, *move.reasons)
    return Plan(
        action=action,
        reasons=move.reasons,
        confidence=move.confidence,
        text=move.text,
        hold=Holder(HolderKind.CUSTOMER, str(case.person)),
        next_step=_NEXT_STEP.get(move.action, "customer.reply"),
        within=AFTER_THANKS if move.action is Move.THANK else CUSTOMER_HAS,
    )


def _said_already(case: Case, move: BotMove) -> bool:
    """Who waits for a person is told so once, and again when they urge: channels give few messages, people get
    tired of hearing the same."""
    repeats = move.action in {Move.ACKNOWLEDGE, Move.HAND_OVER}
    told = any(line.by is AuthorKind.BOT for line in (case.state.recent if case.state else ())[-4:])
    return repeats and told and case.finding.intent is not Intent.URGE


def _enqueue(case: Case, move: BotMove) -> Enqueue:
    wish = move.handover
    assert wish is not None
    assert case.turn is not None
    locale = case.turn.locale
    baton = Baton(
        summary=wish.summary.say(locale)[:4000],
        facts=tuple(
            {
                "text": note.text.say(locale),
                "kind": note.source.kind.value,
                "ref": note.source.ref,
                "title": note.source.title,
                "source": note.source.version,
                "as_of": note.source.as_of.isoformat() if note.source.as_of else None,
                "told": [{"code": one.code, "slots": one.slots} for one in note.told],
            }
            for note in wish.facts
        ),
        open_questions=tuple(question.say(locale)[:200] for question in wish.open_questions),
        told=wish.told,
        questions=tuple(question.told for question in wish.open_questions if question.told),
    )
    return Enqueue(skill=wish.skill, why=wish.why, baton=baton, urgent=wish.urgent or _angry(case))


def _silent(case: Case, *reasons: str) -> Plan:
    """Nothing to say. A talk that only consists of this ends at once; one under way stays with its holder."""
    new = case.state is None
    return Plan(
        action=Action.SILENT,
        reasons=reasons or ("nothing_to_say",),
        confidence=1.0,
        close="event" if new else "",
    )


def _call(case: Case) -> Plan:
    """The telephone system routes calls itself; the ledger says who has it and what is left to do after it."""
    event = case.last.inbound.event
    if event == "call.ringing":
        return _hotline(case, "agent.pick_up", AGENT_HAS, "call_ringing")
    if event == "call.ended" and case.last.inbound.context.get("answered", "") in {"", "0", "false", "no"}:
        return _hotline(case, "agent.call_back", CALL_BACK_WITHIN, "call_missed")
    return Plan(action=Action.CALL, reasons=(event,), confidence=1.0)


def _hotline(case: Case, step: str, within: timedelta, why: str) -> Plan:
    if case.matter is not None and case.matter.holder.kind in {
        HolderKind.AGENT,
        HolderKind.EXPERT,
        HolderKind.QUEUE,
    }:
        return Plan(action=Action.CALL, reasons=(why,), confidence=1.0)
    baton = baton_of(case, "call", "电话来访。")
    return Plan(
        action=Action.CALL,
        reasons=(why,),
        confidence=1.0,
        next_step=step,
        within=within,
        enqueue=Enqueue(skill="hotline", why=why, baton=baton),
    )


def _blind(case: Case, why: str) -> Plan:
    """What we could not decide about goes to a person, never nowhere."""
    return Plan(
        action=Action.HAND_OVER,
        reasons=(why,),
        confidence=0.0,
        enqueue=Enqueue(skill="", why=why, baton=baton_of(case, "unread", "（未能自动理解这条消息）")),
    )


def blind(case: Case, error: str) -> Plan:
    return _blind(case, f"reception_failed:{error}"[:200])


def _angry(case: Case) -> bool:
    return case.finding.emotion.emotion is Emotion.ANGRY


def baton_of(case: Case, otherwise: str = "", words: str = "") -> Baton:
    """What was said lately; where nothing was, what `otherwise` is the code of, and `words` the fallback."""
    said = _recent(case)
    if not said:
        return Baton(summary=words, told=(Told(f"passed.{otherwise}"),) if otherwise else ())
    return Baton(
        summary="\n".join(f"{by}: {text}" for by, text in said)[:4000],
        told=tuple(Told("passed.line", {"who": {"code": f"holder.{by}"}, "text": text}) for by, text in said),
    )


def _recent(case: Case) -> list[tuple[str, str]]:
    if not case.text and not case.state:
        return []
    before = [(line.by.value, line.text) for line in (case.state.recent if case.state else ())]
    return [*before[-6:], ("customer", case.text[:4000])]
