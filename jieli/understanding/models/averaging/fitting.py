"""Fits the network: Adam over shuffled batches, the vectors' gradients only where a batch has grams."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from jieli.understanding.models.averaging.network import HEADS, Floats, Network, shares

WIDTH, HIDDEN = 96, 192
_DROPPED, _DECAY = 0.3, 1e-2
_RATE, _WARM = 2e-3, 50
_EARLY, _LATE, _LATE_VECTORS = 0.9, 0.999, 0.99


class Rows(NamedTuple):
    """`lines` is sparse [turns * places, grams], the lines of a turn next to each other; `flags` [turns, flags]."""

    lines: sparse.csr_matrix
    flags: Floats

    @property
    def places(self) -> int:
        """How many lines each turn has: LINES in the shipped model, one where a text stands alone."""
        return int(self.lines.shape[0] // len(self.flags))

    def inputs(self, vectors: Floats) -> Floats:
        """A row per turn as a network takes it: the means of its lines, then the flags."""
        means = (self.lines @ vectors).reshape(len(self.flags), -1)
        return np.concatenate((means, self.flags), axis=1)

    def of(self, picked: NDArray[np.int64]) -> "Rows":
        lines = (picked[:, None] * self.places + np.arange(self.places)).ravel()
        return Rows(self.lines[lines], self.flags[picked])


class Wanted(NamedTuple):
    """Probabilities that each turn should get, and how much each of them matters; both [turns, columns]."""

    shares: Floats
    weights: Floats


class Recipe(NamedTuple):
    """`heads` are the columns of each softmax. `spread` is that of the vectors at first, which those of rare grams
    keep for the most part: few texts want it small. The defaults are those of the shipped corpus.
    """

    heads: tuple[int, ...] = HEADS
    batch: int = 256
    spread: float = 0.1


SHIPPED = Recipe()


@dataclass(slots=True)
class _Moments:
    first: Floats
    second: Floats

    @classmethod
    def of(cls, values: Floats) -> "_Moments":
        return cls(np.zeros_like(values), np.zeros_like(values))


def fit(rows: Rows, wanted: Wanted, *, seed: int, epochs: int, recipe: Recipe = SHIPPED) -> Network:
    """The same input and seed give the same network, up to the rounding of the BLAS at hand."""
    fitting = _Fitting(rows, seed, recipe)
    for epoch in range(epochs):
        fitting.epoch(rows, wanted, _RATE * (1 - epoch / epochs))
    return fitting.network


class _Fitting:
    def __init__(self, rows: Rows, seed: int, recipe: Recipe) -> None:
        self.random, self.recipe = np.random.default_rng(seed), recipe
        inputs, columns = rows.places * WIDTH + rows.flags.shape[1], sum(recipe.heads)
        self.network = Network(
            vectors=self._drawn(rows.lines.shape[1], WIDTH, recipe.spread),
            hidden=self._drawn(inputs, HIDDEN, np.sqrt(2 / inputs)),
            hidden_bias=np.zeros(HIDDEN, np.float32),
            out=self._drawn(HIDDEN, columns, np.sqrt(1 / HIDDEN)),
            out_bias=np.zeros(columns, np.float32),
            direct=self._drawn(inputs, columns, 0.01),
        )
        self.moments = {name: _Moments.of(getattr(self.network, name)) for name in Network.__slots__}
        self.steps = 0

    def _drawn(self, rows: int, columns: int, spread: float) -> Floats:
        return (self.random.standard_normal((rows, columns)) * spread).astype(np.float32)

    def _dropping(self, shape: tuple[int, ...]) -> Floats:
        kept: Floats = (self.random.random(shape, dtype=np.float32) > _DROPPED).astype(np.float32)
        return kept / np.float32(1 - _DROPPED)

    def epoch(self, rows: Rows, wanted: Wanted, rate: float) -> None:
        order = self.random.permutation(len(rows.flags))
        for start in range(0, len(order), self.recipe.batch):
            picked = order[start : start + self.recipe.batch]
            self._step(rows.of(picked), Wanted(wanted.shares[picked], wanted.weights[picked]), rate)

    def _step(self, rows: Rows, wanted: Wanted, rate: float) -> None:
        net = self.network
        inputs = rows.inputs(net.vectors)
        kept_in = self._dropping(inputs.shape)
        inputs = inputs * kept_in
        before = inputs @ net.hidden + net.hidden_bias
        kept = self._dropping(before.shape)
        inner: Floats = np.maximum(before, np.float32(0)) * kept
        scores: Floats = inner @ net.out + net.out_bias + inputs @ net.direct
        found = shares(scores.astype(np.float32), self.recipe.heads)
        error: Floats = (found - wanted.shares) * wanted.weights / np.float32(len(inputs))
        back: Floats = (error @ net.out.T) * kept * (before > 0)
        back_in: Floats = (back @ net.hidden.T + error @ net.direct.T) * kept_in
        self.steps += 1
        self._move_vectors(rows, back_in, rate)
        self._move("hidden", inputs.T @ back, rate)
        self._move("hidden_bias", back.sum(axis=0), rate, decay=0.0)
        self._move("out", inner.T @ error, rate)
        self._move("out_bias", error.sum(axis=0), rate, decay=0.0)
        self._move("direct", inputs.T @ error, rate)

    def _move(self, name: str, gradient: Floats, rate: float, *, decay: float = _DECAY) -> None:
        held, values = self.moments[name], getattr(self.network, name)
        held.first += (1 - _EARLY) * (gradient - held.first)
        held.second += (1 - _LATE) * (gradient * gradient - held.second)
        first = held.first / (1 - _EARLY**self.steps)
        second = held.second / (1 - _LATE**self.steps)
        values -= rate * (first / (np.sqrt(second) + 1e-8) + decay * values)

    def _move_vectors(self, rows: Rows, back: Floats, rate: float) -> None:
        """Only the grams of this batch; most are in few batches, so that a shorter memory suits them."""
        lines = rows.lines
        met = np.zeros(lines.shape[1], dtype=np.bool_)
        met[lines.indices] = True
        grams = np.flatnonzero(met)
        place = np.cumsum(met)[lines.indices] - 1
        here = sparse.csr_matrix((lines.data, place, lines.indptr), shape=(lines.shape[0], len(grams)))
        pulled = np.ascontiguousarray(back[:, : rows.places * WIDTH]).reshape(-1, WIDTH)
        gradient = here.T @ pulled
        held, vectors = self.moments["vectors"], self.network.vectors
        first = held.first[grams] + (1 - _EARLY) * (gradient - held.first[grams])
        second = held.second[grams] + (1 - _LATE_VECTORS) * (gradient * gradient - held.second[grams])
        held.first[grams], held.second[grams] = first, second
        vectors[grams] -= rate * min(1.0, self.steps / _WARM) * first / (np.sqrt(second) + 1e-6)
