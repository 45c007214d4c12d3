"""The written scripts, with each mood's usual reactions under their own."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jieli.demo.scripts.contracts import Case, Channel, Emotion, Happening, Reaction, Script, Turn

_DATA = Path(__file__).parent / "data"
_DEFAULTS = "defaults.toml"


@cache
def scripts() -> tuple[Script, ...]:
    defaults = _read(_DATA / _DEFAULTS)
    files = sorted(one for one in _DATA.glob("*.toml") if one.name != _DEFAULTS)
    return tuple(_script(row, defaults) for file in files for row in _read(file)["script"])


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _script(row: dict[str, Any], defaults: dict[str, Any]) -> Script:
    emotion = Emotion(row["emotion"])
    answers: dict[str, list[str]] = {**defaults[emotion], **row.get("reactions", {})}
    return Script(
        key=row["key"],
        persona=row["persona"],
        goal=row["goal"],
        emotion=emotion,
        intents=tuple(row["intents"]),
        case=Case(row["case"]),
        about=row.get("about", ""),
        channel=Channel(row["channel"]),
        turns=tuple(Turn(wait, say) for wait, say in row["turns"]),
        reactions=tuple(Reaction(Happening(on), tuple(says)) for on, says in answers.items()),
    )
