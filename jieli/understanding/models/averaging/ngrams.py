"""Character 1–3-grams of a whole batch, hashed with numpy in one go: no loop over characters in Python."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 18
_FIRST, _STEP, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
_OPEN, _CLOSE = "\x02", "\x03"


class Grams(NamedTuple):
    """`bucket[i]` is the hash of a gram, `row[i]` its text's index, `start[i]`/`size[i]` where it stands in it."""

    bucket: NDArray[np.uint32]
    row: NDArray[np.int32]
    start: NDArray[np.int32]
    size: NDArray[np.int32]


def _finish(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    h = (h ^ (h >> np.uint32(15))) * _MIX
    return (h ^ (h >> np.uint32(13))) >> np.uint32(32 - BITS)


def grams(texts: Sequence[str]) -> Grams:
    """Every text is read between an opening and a closing mark, so that its ends are features too."""
    framed = [f"{_OPEN}{text}{_CLOSE}" for text in texts]
    codes = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter(map(len, framed), dtype=np.int64, count=len(framed))
    rows = np.repeat(np.arange(len(framed), dtype=np.int32), lengths)
    offsets = np.arange(len(codes), dtype=np.int32) - np.repeat(np.cumsum(lengths) - lengths, lengths).astype(
        np.int32
    )
    found: list[tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]] = []
    running = codes * _FIRST
    for size in (1, 2, 3):
        if size > 1:
            running = (running[:-1] ^ (running[:-1] >> np.uint32(16))) * _STEP + codes[size - 1 :]
        inside = rows[: len(running)] == rows[size - 1 :]
        kept = np.flatnonzero(inside)
        found.append(
            (_finish(running[kept]), rows[kept], offsets[kept], np.full(len(kept), size, dtype=np.int32))
        )
    bucket, row, start, sizes = (np.concatenate(part) for part in zip(*found, strict=True))
    return Grams(bucket, row, start, sizes)
