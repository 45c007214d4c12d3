"""Writes the pages of this folder from the code they describe: `make docs`; `--check` says which are out of date."""

import inspect
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MADE = "<!-- Made by docs/reference/generate.py (make docs); do not edit. -->"

SETTINGS = {
    "JIELI_DATA": "Folder of the SQLite database, the keys and other files.",
    "JIELI_PORT": "The one port that serves hooks, sockets, pages and the REST API.",
    "JIELI_SIMULATOR_PORT": "Where `jieli simulate` plays the demo channels' platforms; read when the demo brand is loaded.",
    "JIELI_DATABASE_URL": "`postgresql://user:password@host/name`; empty means SQLite in the data folder.",
    "JIELI_REDIS_URL": "`redis://host:6379/0`: wake-ups between processes go over Redis instead of LISTEN/NOTIFY.",
    "JIELI_MASTER_KEY": "32 bytes in base64 instead of the key file `keys/master.key`; opens the sealed columns.",
    "JIELI_SECRET_KEY": "Signs sessions, visitors' tokens and customer links, instead of the file `keys/django.key`.",
    "JIELI_PUBLIC_URL": "Where the world reaches this installation: hook addresses and links are made from it; "
    "https:// makes cookies secure.",
    "JIELI_HOSTS": "Host names that requests may name, separated by commas.",
    "JIELI_TIME_ZONE": "Zone of the built-in calendars.",
    "JIELI_LLM_URL": "Base address of an OpenAI-compatible API (`…/v1`); empty: no language model.",
    "JIELI_LLM_KEY": "Its key.",
    "JIELI_LLM_MODEL": "The model's name; without it the address above is not used.",
    "JIELI_UNDERSTANDING": "Which model reads messages: averaging (built in) or openai (the language model above).",
    "JIELI_LOG": "Level of the log on standard error.",
}
_READ = re.compile(r'os\.environ\.get\("(JIELI_\w+)"(?:, ("[^"]*"|str\(.*?\)\)?|f"[^"]*"))?\)')
_SHOWN_DEFAULTS = {
    "str(JIELI_PORT + 1))": "JIELI_PORT + 1",
    'f"http://127.0.0.1:{JIELI_PORT}"': "http://127.0.0.1:JIELI_PORT",
}


def settings() -> str:
    source = (ROOT / "jieli" / "config" / "settings.py").read_text()
    found = {
        name: _SHOWN_DEFAULTS.get(default, default.strip('"')) for name, default in _READ.findall(source)
    }
    if found.keys() != SETTINGS.keys():
        raise SystemExit(
            f"settings without words, or words without setting: {found.keys() ^ SETTINGS.keys()}"
        )
    rows = [
        f"| `{name}` | {f'`{found[name]}`' if found[name] else '–'} | {SETTINGS[name]} |" for name in SETTINGS
    ]
    return _page(
        "Settings", "All are environment variables; none is required.", "name | default | what", rows
    )


def cli() -> str:
    from jieli.config.facade import cli as group

    parts = [f"# Commands\n\n{MADE}\n"]
    for path, command in _commands(group, ("jieli",)):
        context = _context(path, command)
        parts.append(f"## {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(inner, (*path, name))


def _context(path: tuple[str, ...], command: Any) -> Any:
    import click

    shown = {"help_option_names": ["-h", "--help"], "terminal_width": 100, "max_content_width": 100}
    return click.Context(command, info_name=" ".join(path), **shown)


def capabilities() -> str:
    from jieli.kernel.capabilities import known

    rows = [
        f"| `{one.name}` | {one.permission} | {f'`{one.rest}`' if one.rest else '–'} | {'yes' if one.tool else '–'} "
        f"| {', '.join(one.fields)} | {one.summary} |"
        for one in known()
    ]
    about = "Facade functions declared once and callable from Python, over REST (under `/api/v1`) and, where it says so, as a tool."
    return _page("Capabilities", about, "name | permission | REST | tool | arguments | what", rows)


def events() -> str:
    from jieli.kernel import outbox

    names = {cls: name for cls, name in outbox._names.items() if cls.__module__.startswith("jieli.")}
    rows = [
        f"| `{name}` | {cls.__module__.split('.')[1]} | `{cls.__name__}` "
        f"| {', '.join(f.name for f in fields(cls))} | {_first_line(cls)} |"
        for cls, name in sorted(names.items(), key=lambda one: one[1])
    ]
    return _page("Events", "What the outbox publishes.", "name | module | class | fields | what", rows)


def _first_line(cls: type) -> str:
    said = cls.__doc__ or ""
    return (
        ""
        if said.startswith(f"{cls.__name__}(")
        else inspect.cleandoc(said).split("\n\n")[0].replace("\n", " ")
    )


def laws() -> str:
    from jieli.kernel.laws import TITLES, audits

    rows = [f"| {number} {TITLES[number]} | {name} |" for number, found in audits().items() for name in found]
    return _page("Laws and their audits", "What `jieli check` looks for.", "law | audit", rows)


def permissions() -> str:
    from jieli.governance.contracts import Permission, RoleName
    from jieli.governance.policy import PERMISSIONS

    rows = [
        f"| `{permission}` | {' | '.join('✓' if permission in PERMISSIONS[role] else '' for role in RoleName)} |"
        for permission in Permission
    ]
    return _page("Permissions of the built-in roles", "", f"permission | {' | '.join(RoleName)}", rows)


def _page(title: str, about: str, columns: str, rows: list[str]) -> str:
    rule = "|".join("---" for _ in columns.split("|"))
    head = f"# {title}\n\n{MADE}\n\n" + (f"{about}\n\n" if about else "")
    return head + f"| {columns} |\n|{rule}|\n" + "\n".join(rows) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "cli.md": cli,
    "capabilities.md": capabilities,
    "events.md": events,
    "laws.md": laws,
    "permissions.md": permissions,
}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "jieli.config.settings"
    os.environ.setdefault("JIELI_DATA", tempfile.mkdtemp(prefix="jieli-docs-"))
    import django

    django.setup()
    made = {name: make() for name, make in PAGES.items()}
    if "--check" in sys.argv:
        old = [name for name, text in made.items() if not _same(HERE / name, text)]
        sys.exit(f"out of date, run “make docs”: {', '.join(old)}" if old else 0)
    for name, text in made.items():
        (HERE / name).write_text(text)


def _same(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text


if __name__ == "__main__":
    main()
