"""Builds the requests of a measurement: the demo brand's customers with their scripts, in turns.

Four of five customers are known to the brand, the fifth writes for the first time. Run as a process of its own:
`python -m bench.traffic KIND SEED FILE COUNT …`, KIND being wechat, open, ndjson or mixed.
"""

import random
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec

from bench import ready  # noqa: F401
from bench.shots import PORT, Shot
from jieli.channels import facade as channels
from jieli.demo import facade as demo
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.simulation.casting import Casting
from jieli.simulation.contracts import Said
from jieli.simulation.crowd import Seat
from jieli.simulation.hooks import OpenHook, WeChatHook, hook

NDJSON_LINES = 100
_TALKS_AT_ONCE = 400
_NEW_SHARE = 0.2


def _said(count: int, seed: int) -> Iterator[tuple[str, Said]]:
    """Channel name and message, talks interleaved as they are in life."""
    rng = random.Random(seed)
    people = (one for one in Casting(demo.brand(), seed).customers() if one.seat.channel != "web")
    talks = [[one, list(one.role.turns), rng.random() < _NEW_SHARE] for one in islice(people, _TALKS_AT_ONCE)]
    for number in range(count):
        place = rng.randrange(len(talks))
        who, turns, is_new = talks[place]
        yield who.seat.channel, _message(f"{seed}{number:07d}", who.seat, turns.pop(0).say, is_new=is_new)
        if not turns:
            one = next(people)
            talks[place] = [one, list(one.role.turns), rng.random() < _NEW_SHARE]


def _message(key: str, seat: Seat, text: str, *, is_new: bool) -> Said:
    now = clock.now()
    if is_new:
        return Said(id=key, key=f"{seat.key}-n{key[:4]}", at=now, text=text, name=seat.name)
    return Said(
        id=key, key=seat.key, at=now, text=text, name=seat.name, phone=seat.phone, account=seat.account
    )


def _shots(kind: str, count: int, seed: int) -> Iterator[Shot]:
    hooks = {one.name: hook(one.name) for one in channels.channels() if one.kind in {"wechat", "open"}}
    wechat = [name for name, one in hooks.items() if isinstance(one, WeChatHook)]
    open_ = [name for name, one in hooks.items() if isinstance(one, OpenHook)]
    bundle: list[tuple[str, bytes]] = []
    for number, (channel, said) in enumerate(_said(count, seed)):
        names = {"wechat": wechat, "open": open_, "ndjson": open_[:1]}.get(kind)
        used = channel if names is None or channel in names else names[number % len(names)]
        request = hooks[used].request(said, clock.now())
        if kind != "ndjson":
            yield Shot([said.id], _wire(request.path, request.query, request.headers, request.body))
            continue
        bundle.append((said.id, request.body))
        if len(bundle) == NDJSON_LINES:
            yield _bundled(used, bundle)
            bundle = []


def _bundled(name: str, bundle: list[tuple[str, bytes]]) -> Shot:
    body = b"\n".join(line for _, line in bundle)
    header, value = channels.signed_header(channels.secrets_of(SYSTEM, name)["secret"], body, clock.now())
    headers = {header: value, "content-type": "application/x-ndjson"}
    return Shot([key for key, _ in bundle], _wire(f"/hooks/open/{name}", "", headers, body))


def _wire(path: str, query: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"POST {path}{'?' * bool(query)}{query} HTTP/1.1", f"host: 127.0.0.1:{PORT}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


def main() -> None:
    kind, seed, *told = sys.argv[1:]
    files, counts = told[::2], [int(one) for one in told[1::2]]
    shots = _shots(kind, sum(counts), int(seed))
    for file, count in zip(files, counts, strict=True):
        some = islice(shots, count // NDJSON_LINES if kind == "ndjson" else count)
        Path(file).write_bytes(msgspec.msgpack.encode(list(some)))


if __name__ == "__main__":
    main()
