"""One measurement: requests built, sent by a process of their own, and followed in the database until decided."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from bench.databases import Database
from bench.processes import Cast
from bench.shots import Shot, Volley

CONNECTIONS = 32
_LOOK_EVERY_S = 0.02
_PATIENCE_S = 240.0


@dataclass(frozen=True)
class Fired:
    """`seen`: when each message's decision was first visible to another connection, in seconds since 1970."""

    volley: Volley
    cpu_s: dict[str, float]
    seen: dict[str, float]

    @property
    def messages(self) -> int:
        return sum(len(hit.ids) for hit in self.volley.hits if hit.ok)

    @property
    def began(self) -> float:
        return min(hit.sent for hit in self.volley.hits)

    @property
    def acked(self) -> float:
        return max(hit.acked for hit in self.volley.hits)

    def per_message_us(self) -> dict[str, float]:
        return {role: round(seconds / self.messages * 1e6) for role, seconds in self.cpu_s.items()}


def built(database: Database, folder: Path, kind: str, seed: int, *counts: int) -> list[Path]:
    """One file of requests per count. Signatures hold for minutes only, so this comes right before sending."""
    files = [folder / f"{kind}-{place}.shots" for place in range(len(counts))]
    told = [str(one) for pair in zip(files, counts, strict=True) for one in pair]
    command = [sys.executable, "-m", "bench.traffic", kind, str(seed), *told]
    subprocess.run(command, env={**os.environ, "JIELI_LOG": "ERROR", **database.env}, check=True)
    return files


def fire(
    cast: Cast,
    database: Database,
    shots: Path,
    *,
    rate: float = 0.0,
    follow: bool = False,
    connections: int = CONNECTIONS,
) -> Fired:
    hits = shots.with_suffix(".hits")
    told = [str(rate)] if rate else []
    cast.mark()
    load = subprocess.Popen(
        [sys.executable, "-m", "bench.load", str(shots), str(hits), str(connections), *told]
    )
    expected = {
        key for shot in msgspec.msgpack.decode(shots.read_bytes(), type=list[Shot]) for key in shot.ids
    }
    seen = _follow(database, expected, load) if follow else {}
    if load.wait():
        raise SystemExit("bench: the load generator failed")
    volley = msgspec.msgpack.decode(hits.read_bytes(), type=Volley)
    if refused := sum(not hit.ok for hit in volley.hits):
        raise SystemExit(f"bench: {refused} requests were refused")
    return Fired(volley, {**cast.used(), "client": volley.cpu_s}, seen)


_DECIDED = "SELECT id, dedupe_key, handled_at FROM channels_inbox WHERE id > %s ORDER BY id"


def _follow(database: Database, expected: set[str], load: "subprocess.Popen[bytes]") -> dict[str, float]:
    """Look again and again at what lies behind the oldest message that was not yet decided."""
    seen: dict[str, float] = {}
    oldest = UUID(int=0)
    native = database.name == "PostgreSQL"
    patience = time.monotonic() + _PATIENCE_S
    while len(seen) < len(expected):
        rows = database.rows(_DECIDED, oldest if native else oldest.hex)
        now, passed = time.time(), True
        for key, message, decided in rows:
            if decided is None:
                passed = False
            elif message in expected:
                seen.setdefault(message, now)
            if passed:
                oldest = key if native else UUID(key)
        if time.monotonic() > patience or load.poll():
            raise SystemExit(f"bench: only {len(seen)} of {len(expected)} messages were decided in time")
        time.sleep(_LOOK_EVERY_S if len(rows) < 2000 else 10 * _LOOK_EVERY_S)
    return seen


def percentiles(values: list[float]) -> dict[str, float]:
    """Milliseconds."""
    ordered = sorted(values)
    return {
        f"p{share}": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000, 1)
        for share in (50, 95, 99)
    }
