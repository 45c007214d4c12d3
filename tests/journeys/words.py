"""The words of the screens, from the files that the screens take them from: a reworded button breaks no journey."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2] / "web/packages/words/src"
_BLANK = re.compile(r"\\\{\w+\\\}")

ZH, EN = "zh-CN", "en"


@cache
def _file(locale: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / locale / f"{name}.json").read_text())
    return found


def word(key: str, locale: str = ZH, **blanks: object) -> str:
    """What the screens show for a key such as `desk.act.take`. Raises `KeyError`."""
    file, *path = key.split(".")
    found: Any = _file(locale, file)
    for part in path:
        found = found[part]
    text = str(found)
    for name, value in blanks.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def pattern(key: str, locale: str = ZH) -> re.Pattern[str]:
    """The same with anything in its blanks."""
    return re.compile(_BLANK.sub(".+", re.escape(word(key, locale))))
