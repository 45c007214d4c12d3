"""Everything the bot says, in both languages, from one file (words.toml)."""

import tomllib
from functools import cache
from pathlib import Path

from jieli.knowledge.contracts import LOCALES, Words, locale_of
from jieli.understanding.contracts import INTENTS, Intent

_FILE = Path(__file__).with_name("words.toml")


@cache
def table() -> dict[str, Words]:
    """`section.key` → the text in both languages, with `{slots}`."""
    sections = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": Words(zh, en)
        for section, rows in sections.items()
        for key, (zh, en) in rows.items()
    }


def has(key: str) -> bool:
    return key in table()


def say(key: str, locale: str, /, **slots: object) -> str:
    """The text with its slots filled. Raises `KeyError` for a key or slot that does not exist: a defect."""
    found = table()[key]
    text = found.en if locale_of(locale) == "en" else found.zh
    return text.format_map(slots) if slots else text


def both(key: str, /, **slots: Words | str) -> Words:
    """The text in both languages; slots may be in both languages too."""
    return Words(*(say(key, lo, **{n: _in(slot, lo) for n, slot in slots.items()}) for lo in LOCALES))


def _in(slot: Words | str, locale: str) -> str:
    return slot.say(locale) if isinstance(slot, Words) else slot


def intent(which: Intent) -> Words:
    meta = INTENTS[which]
    return Words(meta.zh, meta.en)
