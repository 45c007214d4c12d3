"""What is measured, and how a figure comes about."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.databases import Database
from bench.machine import say
from bench.measuring import Fired, built, fire, percentiles
from bench.processes import cast
from bench.shots import PORT

_FLOOR = {"front": ("bench.floor",)}
_FRONT = {"front": ("jieli", "front", "--port", str(PORT))}
_APART = {**_FRONT, "worker": ("jieli", "worker"), "worker 2": ("jieli", "worker")}
_TOGETHER = {"front": ("jieli", "up", "--port", str(PORT))}
_DRAIN_S = 60.0
_ROUNDS = 3


def intake(database: Database, folder: Path, count: int) -> dict[str, Any]:
    """Messages a second made durable by one front process, and by the floor with the same load generator.

    Several rounds, because a shared machine changes its pace within minutes: a share is one of its round's floor, and
    the round in the middle is told.
    """
    rounds = [_round(database, folder, count) for _ in range(_ROUNDS)]
    return {name: _middle([one[name] for one in rounds]) for name in rounds[0]}


def _round(database: Database, folder: Path, count: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for kind, floor in (("wechat", "floor"), ("open", ""), ("ndjson", "floor_ndjson")):
        for name, roles in ((floor, _FLOOR), (kind, _FRONT)):
            if name:
                found[name] = _intake(database, folder, kind, roles, count)
                say(f"{database.name}: intake, {name}: {found[name]['per_s']} messages/s")
    for kind, floor in (("wechat", "floor"), ("open", "floor"), ("ndjson", "floor_ndjson")):
        found[kind]["of_floor"] = round(found[kind]["per_s"] / found[floor]["per_s"], 2)
    return found


def _middle(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """The round with the median share of the floor, or rate; `between` are the least and the greatest share."""
    ordered = sorted(measured, key=lambda one: float(one.get("of_floor") or one["per_s"]))
    middle = ordered[len(ordered) // 2]
    if "of_floor" in middle:
        return {**middle, "between": [ordered[0]["of_floor"], ordered[-1]["of_floor"]]}
    return middle


def _intake(
    database: Database, folder: Path, kind: str, roles: Mapping[str, tuple[str, ...]], count: int
) -> dict[str, Any]:
    with cast(database, roles) as processes:
        warm, shots = built(database, folder, kind, 11, count // 10, count)
        fire(processes, database, warm, connections=_connections(kind))
        fired = fire(processes, database, shots, connections=_connections(kind))
        (stored,) = database.rows("SELECT count(*) FROM channels_inbox")
    assert stored[0] >= fired.messages
    seconds = fired.acked - fired.began
    return {
        "messages": fired.messages,
        "per_s": round(fired.messages / seconds),
        "ack_ms": percentiles([hit.acked - hit.sent for hit in fired.volley.hits]),
        "cpu_us": fired.per_message_us(),
    }


def _connections(kind: str) -> int:
    return 8 if kind == "ndjson" else 64


def whole(database: Database, folder: Path, count: int) -> dict[str, Any]:
    """From the first message sent until the last one's decision is committed, as fast as they can be sent."""
    with cast(database, _shape(database)) as processes:
        warm, shots = built(database, folder, "mixed", 22, min(300, count // 10), count)
        fire(processes, database, warm, follow=True)
        _drained(database)
        fired = fire(processes, database, shots, follow=True)
        used = fired.per_message_us()
        decided = max(fired.seen.values()) - fired.began
        sent = _drained(database)
        everything = time.time() - fired.began
    result = {
        "messages": fired.messages,
        "per_s": round(fired.messages / decided),
        "answers_waiting_then": sent,
        "per_s_with_answers_sent": round(fired.messages / everything),
        "cpu_us": used,
    }
    say(
        f"{database.name}: the whole way: {result['per_s']} messages/s decided ({used} µs processor time each)"
    )
    return result


def _drained(database: Database) -> int:
    """Wait until every answer has gone out; returns how many waited."""
    until, first = time.monotonic() + _DRAIN_S, -1
    while True:
        ((waiting,),) = database.rows(
            "SELECT count(*) FROM channels_outgoing WHERE state IN ('queued', 'sending')"
        )
        first = waiting if first < 0 else first
        if not waiting or time.monotonic() > until:
            return int(first)
        time.sleep(0.2)


def latency(database: Database, folder: Path, rate: int, seconds: float) -> dict[str, Any]:
    """From sending a message until its decision is visible to another connection, at a steady rate."""
    with cast(database, _shape(database)) as processes:
        warm, shots = built(database, folder, "mixed", 32, 200, int(rate * seconds))
        fire(processes, database, warm, follow=True)
        fired = fire(processes, database, shots, rate=rate, follow=True)
    result = {
        "per_s": rate,
        "messages": fired.messages,
        **_latencies(fired),
        "cpu_us": fired.per_message_us(),
    }
    say(f"{database.name}: at {rate}/s decided after {result['decided_ms']} ms")
    return result


def _latencies(fired: Fired) -> dict[str, Any]:
    sent = {key: hit.sent for hit in fired.volley.hits for key in hit.ids}
    return {
        "ack_ms": percentiles([hit.acked - hit.sent for hit in fired.volley.hits]),
        "decided_ms": percentiles([at - sent[key] for key, at in fired.seen.items()]),
    }


def _shape(database: Database) -> Mapping[str, tuple[str, ...]]:
    """As each is meant to be run on two cores: SQLite by `jieli up`, PostgreSQL with two workers behind a front."""
    return _TOGETHER if database.name == "SQLite" else _APART
