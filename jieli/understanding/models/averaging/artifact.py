"""The model's file: arrays and a JSON header in one .npz, without pickle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.errors import ModelUnusable
from jieli.understanding.models.averaging.network import Floats, Network
from jieli.understanding.models.port import LABELS

SCHEME = 2  # raised whenever normalise, ngrams or context change what a feature means
SHIPPED = Path(__file__).with_name("model.npz")
_HALVES = ("idf", "hidden", "hidden_bias", "out", "out_bias", "direct")


@dataclass(frozen=True, slots=True)
class Artifact:
    """`buckets` are the kept hash buckets, ascending; `idf` has a value for each of them. `sharpness` multiplies the
    intents' scores, so that confidences are as often right as they say; `tilt` is added to the emotions' scores, so that
    rare ones are not outvoted by how common calm is."""

    header: dict[str, Any]
    buckets: NDArray[np.uint32]
    idf: Floats
    network: Network
    sharpness: float
    tilt: Floats

    def save(self, path: Path) -> None:
        header = np.frombuffer(
            json.dumps(self.header, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8
        )
        vectors = self.network.vectors
        scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6) / 127
        held = {"idf": self.idf} | {name: getattr(self.network, name) for name in _HALVES if name != "idf"}
        np.savez_compressed(
            path,
            header=header,
            buckets=self.buckets.astype(np.uint32),
            vectors=np.round(vectors / scale).astype(np.int8),
            scale=scale.astype(np.float16),
            sharpness=np.float32(self.sharpness),
            tilt=self.tilt.astype(np.float32),
            **{name: values.astype(np.float16) for name, values in held.items()},
        )


def load(path: Path = SHIPPED) -> Artifact:
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(stored["header"].tobytes())
            arrays = {name: stored[name].astype(np.float32) for name in _HALVES}
            vectors = stored["vectors"].astype(np.float32) * stored["scale"].astype(np.float32)
            buckets, sharpness, tilt = stored["buckets"], float(stored["sharpness"]), stored["tilt"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnusable(f"{path.name}: {error}") from error
    if header.get("scheme") != SCHEME or header.get("labels") != [label.value for label in LABELS]:
        raise ModelUnusable(f"{path.name} was trained for other features or labels: train again")
    idf = arrays.pop("idf")
    return Artifact(header, buckets, idf, Network(vectors=vectors, **arrays), sharpness, tilt)
