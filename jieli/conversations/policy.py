"""Pure rules of the thread: what a card remembers, when the customer is told what, when silence ends a talk."""

from collections.abc import Sequence
from datetime import timedelta

RECENT = 8
LAST_LINE = 200
RECENT_TEXT = 300

REPLY_WITHIN = timedelta(minutes=3)
"""An agent who holds the baton answers within this; the strictest platform rule (飞鸽: human reply in 3 minutes)."""

CUSTOMER_HAS = timedelta(hours=24)
"""How long we wait for the customer before the talk closes by itself."""

_TYPE_LABEL = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "link": "[链接]",
    "location": "[位置]",
    "card": "[卡片]",
    "file": "[文件]",
    "event": "[事件]",
    "call": "[来电]",
}


def line_of(type_: str, text: str) -> str:
    """One line for the list: the text, or what kind of thing it is."""
    shown = " ".join(text.split()) or _TYPE_LABEL.get(type_, f"[{type_}]")
    return shown[:LAST_LINE]


def remember(recent: Sequence[Sequence[str]], by: str, text: str) -> list[list[str]]:
    """The last turns, oldest first, each [by, text]."""
    kept = [list(turn) for turn in recent[-(RECENT - 1) :]]
    return [*kept, [by, text[:RECENT_TEXT]]]
