"""What customers are told about their place in the queue."""

import math

from jieli.routing.contracts import Place

_ZH = "前面还有 {ahead} 位，预计约 {minutes} 分钟内接待您。"
_EN = "{ahead} ahead of you; somebody should be with you within about {minutes} minutes."
_NEXT_ZH = "您是下一位，预计约 {minutes} 分钟内接待您。"
_NEXT_EN = "You are next; somebody should be with you within about {minutes} minutes."


def place(place: Place, locale: str) -> str:
    """Position and expected wait, in minutes rounded up: what we say must hold."""
    ahead, minutes = place.position - 1, max(1, math.ceil(place.expected_wait_s / 60))
    english = locale.startswith("en")
    if ahead:
        return (_EN if english else _ZH).format(ahead=ahead, minutes=minutes)
    return (_NEXT_EN if english else _NEXT_ZH).format(minutes=minutes)
