"""`python -m bench`: all measurements, and a report of them in bench/report.md and bench/report.json."""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import databases, machine, report, scenarios, understanding
from bench.databases import Database

_HERE = Path(__file__).parent
_RATES = (25, 250)


def main() -> None:
    asked = _arguments()
    described, found = machine.described(), dict[str, Any]()
    read = understanding.measured()
    with tempfile.TemporaryDirectory(prefix="jieli-bench-") as made:
        for database in _databases(Path(made), asked.only):
            found[database.name] = _measured(database, Path(made), asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "report.json").write_text(
        json.dumps(
            {"machine": described, "understanding": read, "found": found}, indent=1, ensure_ascii=False
        )
        + "\n"
    )
    (asked.out / "report.md").write_text(report.written(described, read, found))
    machine.say(f"written: {asked.out / 'report.md'}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="about a minute, for smoke tests; figures mean little"
    )
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--skip-intake", action="store_true", help="measure the whole way alone")
    parser.add_argument("--out", type=Path, default=_HERE, help="folder of the report")
    return parser.parse_args()


def _databases(folder: Path, only: str) -> Iterator[Database]:
    if only != "postgresql":
        machine.say("SQLite: filling a database with the demo brand")
        yield databases.Sqlite(folder)
    if only != "sqlite":
        with _postgresql(folder) as made:
            if made:
                yield made


@contextmanager
def _postgresql(folder: Path) -> Iterator[Database | None]:
    machine.say("PostgreSQL: filling a database with the demo brand")
    with databases.postgresql(folder) as made:
        yield made


def _measured(database: Database, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    quick = asked.quick
    found: dict[str, Any] = {}
    if not asked.skip_intake:
        found["intake"] = scenarios.intake(database, folder, 1_000 if quick else 15_000)
    found["whole"] = scenarios.whole(database, folder, 1_000 if quick else 20_000)
    rates = _RATES[:1] if quick else _RATES
    found["latency"] = [scenarios.latency(database, folder, rate, 4 if quick else 20) for rate in rates]
    return found


main()
