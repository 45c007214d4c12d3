"""Everything the bot says, in both languages, from one file (words.toml)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jieli.bot.contracts import Saying
from jieli.knowledge.contracts import LOCALES, Words, locale_of
from jieli.relay.contracts import Told
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


def both(key: str, /, **slots: Words | str) -> Saying:
    """The text in both languages, and as a code; slots may be in both languages too."""
    zh, en = (say(key, lo, **{n: _in(slot, lo) for n, slot in slots.items()}) for lo in LOCALES)
    return Saying(zh, en, Told(key, {n: _stored(slot) for n, slot in slots.items()}))


def _in(slot: Words | str, locale: str) -> str:
    return slot.say(locale) if isinstance(slot, Words) else slot


def _stored(slot: Words | str) -> Any:
    match slot:
        case Saying(told=Told() as told):
            return {"code": told.code, "slots": told.slots}
        case Words():
            return {"zh": slot.zh, "en": slot.en or slot.zh}
        case _:
            return slot


def intent(which: Intent) -> Saying:
    meta = INTENTS[which]
    return Saying(meta.zh, meta.en, Told(f"intent.{which.value}"))
