"""Reads the brand's data files, once per process."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jieli.demo.brand.contracts.words import Words

_HERE = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """The file `data/<name>.toml`; callers only read it."""
    return tomllib.loads((_HERE / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def articles() -> tuple[dict[str, Any], ...]:
    files = sorted((_HERE / "articles").glob("*.toml"))
    return tuple(row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))["article"])


def words(pair: list[str]) -> Words:
    return Words(pair[0], pair[1])
