"""The model's file: arrays and a JSON header in one .npz, without pickle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.errors import ModelUnusable
from jieli.understanding.models.port import LABELS

SCHEME = 1  # raised whenever normalise, ngrams or context change what a feature means
SHIPPED = Path(__file__).with_name("model.npz")


@dataclass(frozen=True, slots=True)
class Artifact:
    """`buckets` are the kept hash buckets, ascending; `idf` and `weights` have a row for each of them.

    Columns of `weights`: LABELS, then EMOTIONS; of `around` (a row per feature of the context layer): LABELS.
    """

    header: dict[str, Any]
    buckets: NDArray[np.uint32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    around: NDArray[np.float32]
    around_bias: NDArray[np.float32]

    def save(self, path: Path) -> None:
        header = np.frombuffer(
            json.dumps(self.header, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8
        )
        small = {
            name: getattr(self, name).astype(np.float16)
            for name in ("idf", "weights", "bias", "around", "around_bias")
        }
        np.savez_compressed(path, header=header, buckets=self.buckets.astype(np.uint32), **small)


def load(path: Path = SHIPPED) -> Artifact:
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(stored["header"].tobytes())
            arrays = {
                name: stored[name].astype(np.float32)
                for name in ("idf", "weights", "bias", "around", "around_bias")
            }
            buckets = stored["buckets"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnusable(f"{path.name}: {error}") from error
    if header.get("scheme") != SCHEME or header.get("labels") != [label.value for label in LABELS]:
        raise ModelUnusable(f"{path.name} was trained for other features or labels: train again")
    return Artifact(header=header, buckets=buckets, **arrays)
