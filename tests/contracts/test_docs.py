"""What the documentation names exists: pages, files, commands with their options, make targets; both READMEs say the
same."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jieli.config.facade import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
INVENTED = "jieli/channels/adapters/demo_chat"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_COMMAND = re.compile(r"(?:^|(?<=[`/\s(]))jieli((?: +(?:--?)?[a-z][\w-]*)+)", re.MULTILINE)
_TARGET = re.compile(r"(?:^|(?<=[`\s(]))make ([a-z]+)", re.MULTILINE)
_FILE = re.compile(r"(?<![\w./-])((?:jieli|tests|web|docs|bench|requirements)/[\w./-]*\w)")


def _named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _code(page: Path) -> str:
    return "\n".join(part.strip("`") for part in _CODE.findall(page.read_text()))


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [link.partition("#")[0] for link in _LINK.findall(page.read_text()) if "://" not in link]
    assert [one for one in targets if one and not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_commands_exist(page: Path) -> None:
    assert [said for said in _COMMAND.findall(_code(page)) if not _is_command(said.split())] == []


def _is_command(words: list[str]) -> bool:
    """Leading words walk down the groups; options after them must be the command's own."""
    command: click.Command = cli
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.commands.get(words.pop(0))
        if found is None:
            return False
        command = found
    known = {name for one in command.params for name in one.opts} | {"-h", "--help", "--version"}
    return all(word in known for word in words if word.startswith("-"))


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(_TARGET.findall(_code(page))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_files_exist(page: Path) -> None:
    named = {one for one in _FILE.findall(_code(page)) if not one.startswith((INVENTED, *_made_later()))}
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


def _made_later() -> Iterator[str]:
    """What stands in no clone: builds, reports, and the tutorial's own tests."""
    yield from ("web/dist", "web/node_modules", "bench/")
    yield from (f"jieli/channels/tests/{name}" for name in ("test_demo_chat", "payloads/demo_chat"))


def test_both_readmes_have_the_same_sections_and_commands() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md"))
    assert _levels(english) == _levels(chinese)
    assert [_commands(*fence) for fence in _FENCE.findall(english)] == [
        _commands(*fence) for fence in _FENCE.findall(chinese)
    ]


def _levels(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", _FENCE.sub("", text), re.MULTILINE)]


def _commands(language: str, block: str) -> list[str]:
    """Commands without their comments; what is only shown may be in the reader's language."""
    if language not in {"sh", "json"}:
        return []
    return [
        line for raw in block.splitlines() if (line := raw.partition("  #")[0].strip()) and line[0] != "#"
    ]
