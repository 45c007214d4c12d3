"""Saved replies with `{variables}`."""

import re
from collections.abc import Mapping

from jieli.knowledge.contracts import SavedReply

_VARIABLE = re.compile(r"\{([^{}\s]{1,40})\}")


def variables(text: str) -> tuple[str, ...]:
    """The names in braces, each once, in the order they appear."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def fill(reply: SavedReply, given: Mapping[str, str], locale: str) -> tuple[str, tuple[str, ...]]:
    """The text with what is known filled in, and the names of what is still missing (left in braces)."""
    text = reply.text.say(locale)
    missing = tuple(name for name in variables(text) if not given.get(name))
    return _VARIABLE.sub(lambda m: given.get(m[1]) or m[0], text), missing
