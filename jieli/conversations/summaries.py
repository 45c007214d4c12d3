"""What goes with the baton: a summary a stranger can act on, the facts used so far, the questions still open."""

from collections.abc import Iterator, Sequence
from typing import Any

from jieli.conversations.contracts import AuthorKind, Direction, State
from jieli.conversations.models import Message
from jieli.governance import facade as governance
from jieli.relay import facade as relay
from jieli.relay.contracts import Baton, Told
from jieli.understanding.contracts import INTENTS, Intent

_WHO = {
    AuthorKind.CUSTOMER: "客户",
    AuthorKind.BOT: "机器人",
    AuthorKind.AGENT: "坐席",
    AuthorKind.SYSTEM: "系统",
}
_EMOTION = {"calm": "平静", "anxious": "焦虑", "angry": "生气", "pleased": "满意"}
_LAST = 6
_LOOK_BACK = 40
_LONGEST = 3500


def baton(state: State, *, summary: str = "", open_questions: Sequence[str] = ()) -> Baton:
    """The baton as it is now; `summary` is what the one who hands over adds, and comes first."""
    said = [(line.by, governance.mask_text(line.text)) for line in state.recent[-_LAST:]]
    parts = [
        summary.strip(),
        f"诉求：{_intent(state.intent)}；情绪：{_EMOTION.get(state.emotion, '未知')}。",
        "最近对话：\n" + "\n".join(f"{_WHO[by]}：{text}" for by, text in said),
    ]
    return Baton(
        summary="\n".join(part for part in parts if part)[:_LONGEST],
        facts=tuple(_facts(state)),
        open_questions=tuple(question[:200] for question in open_questions if question.strip()),
        position=_position(state),
        told=tuple(_told(state, summary.strip(), said)),
    )


def _told(state: State, added: str, said: Sequence[tuple[AuthorKind, str]]) -> Iterator[Told]:
    """The same as codes. What a person added, and what was said, stays as it was written."""
    if added:
        yield Told("passed.text", {"text": added})
    intent = f"intent.{state.intent}" if state.intent in set(Intent) else "passed.unknown"
    emotion = f"emotion.{state.emotion}" if state.emotion in _EMOTION else "passed.unknown"
    yield Told("passed.wants", {"intent": {"code": intent}, "emotion": {"code": emotion}})
    yield Told("passed.lately")
    for by, text in said:
        yield Told("passed.line", {"who": {"code": f"holder.{by}"}, "text": text})


def _intent(code: str) -> str:
    return INTENTS[Intent(code)].zh if code in set(Intent) else "未知"


def missing_baton(state: State) -> Baton | None:
    """The baton as it is now for a talk that was never handed over with one; None where the one passed goes on."""
    passed = relay.handovers_of([state.id])[state.id]
    return None if any(one.baton.summary for one in passed) else baton(state)


def _facts(state: State) -> list[dict[str, Any]]:
    """The sources of what was said lately, newest first, each once."""
    rows = Message.objects.filter(conversation=state.id, direction=Direction.OUT).order_by("-seq")[
        :_LOOK_BACK
    ]
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for source in row.sources:
            found.setdefault(f"{source.get('kind')}:{source.get('ref')}", source)
    return list(found.values())[:20]


def _position(state: State) -> str:
    last = (
        Message.objects.filter(conversation=state.id).order_by("-seq").values_list("seq", flat=True).first()
    )
    return f"{state.id}#{last or 0}"
