"""The learner on a small set of its own: other heads and other places than those of the shipped model."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from jieli.understanding.models.averaging import fitting
from jieli.understanding.models.averaging.fitting import Recipe, Rows, Wanted
from jieli.understanding.models.averaging.network import Floats, shares
from jieli.understanding.models.averaging.ngrams import grams

_ASKED = {
    "ship": ("什么时候{}发货", "{}怎么还没寄出", "{}几号能发"),
    "return": ("{}想退掉", "{}不合适可以退吗", "把{}退回去"),
    "size": ("{}穿多大码", "{}有没有大一号", "{}尺码偏小吗"),
}
_KNOWN, _UNSEEN = ("裙子", "外套", "毛衣", "鞋子"), ("背包", "围巾")
_BUCKETS = 4096  # few, so that the test is quick
_RECIPE = Recipe(heads=(3,), batch=8, spread=0.02)


def _texts(things: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    asked = [
        (form.format(thing), column)
        for column, forms in enumerate(_ASKED.values())
        for form, thing in product(forms, things)
    ]
    return [text for text, _ in asked], np.array([column for _, column in asked])


def _lines(texts: Sequence[str]) -> sparse.csr_matrix:
    found = grams(texts)
    counts = sparse.csr_matrix(
        (np.ones(len(found.row), np.float32), (found.row, found.bucket.astype(np.int64) % _BUCKETS)),
        (len(texts), _BUCKETS),
    )
    return (counts / 10).tocsr()


def _rows(lines: sparse.csr_matrix, texts: int) -> Rows:
    return Rows(lines, np.zeros((texts, 0), np.float32))


def _wanted(column: NDArray[np.int64], *heads: int) -> Wanted:
    """The same column is wanted of every head."""
    told = np.concatenate([np.eye(head, dtype=np.float32)[column] for head in heads], axis=1)
    return Wanted(told, np.ones_like(told))


def _scores(known: Rows, wanted: Wanted, asked: Rows, recipe: Recipe = _RECIPE, seed: int = 1) -> Floats:
    network = fitting.fit(known, wanted, seed=seed, epochs=20, recipe=recipe)
    return network.scores(asked.inputs(network.vectors))


@pytest.fixture(scope="module")
def known() -> tuple[Rows, NDArray[np.int64]]:
    texts, column = _texts(_KNOWN)
    return _rows(_lines(texts), len(texts)), column


@pytest.fixture(scope="module")
def unseen() -> tuple[Rows, NDArray[np.int64]]:
    texts, column = _texts(_UNSEEN)
    return _rows(_lines(texts), len(texts)), column


def test_one_head_and_one_place_are_learnt(
    known: tuple[Rows, NDArray[np.int64]], unseen: tuple[Rows, NDArray[np.int64]]
) -> None:
    found = _scores(known[0], _wanted(known[1], 3), unseen[0])
    assert known[0].places == 1
    assert (found.argmax(axis=1) == unseen[1]).mean() >= 0.9


def test_each_head_is_learnt(
    known: tuple[Rows, NDArray[np.int64]], unseen: tuple[Rows, NDArray[np.int64]]
) -> None:
    found = _scores(known[0], _wanted(known[1], 3, 4), unseen[0], Recipe(heads=(3, 4), batch=8, spread=0.02))
    assert found.shape[1] == 7
    assert (found[:, :3].argmax(axis=1) == unseen[1]).mean() >= 0.9
    assert (found[:, 3:].argmax(axis=1) == unseen[1]).mean() >= 0.9


def test_the_place_of_a_line_counts() -> None:
    """Both places hold the same lines, in turn: only where a line stands tells what is wanted."""
    texts, column = _texts(_KNOWN)
    other = np.roll(np.arange(len(texts)), 12)
    order = np.stack((np.arange(len(texts)), other), axis=1).ravel()
    rows = _rows(_lines(texts)[order], len(texts))
    assert rows.places == 2
    found = _scores(rows, _wanted(column, 3), rows)
    assert (found.argmax(axis=1) == column).mean() >= 0.9


def test_what_weighs_nothing_teaches_nothing(
    known: tuple[Rows, NDArray[np.int64]], unseen: tuple[Rows, NDArray[np.int64]]
) -> None:
    rows, column = known
    wrong = np.where(np.arange(len(column)) % 2, column, (column + 1) % 3)
    told = _wanted(wrong, 3).shares
    weights = np.broadcast_to((wrong == column).astype(np.float32)[:, None], told.shape)
    found = _scores(rows, Wanted(told, weights), unseen[0])
    assert (found.argmax(axis=1) == unseen[1]).mean() >= 0.9


def test_the_same_seed_fits_the_same_network(known: tuple[Rows, NDArray[np.int64]]) -> None:
    rows, wanted = known[0], _wanted(known[1], 3)
    first, again, other = (_scores(rows, wanted, rows, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_each_head_has_probabilities_of_its_own() -> None:
    found = shares(np.array([[0, 0, 9, 9, 9, 9]], np.float32), (2, 4))
    np.testing.assert_allclose(found, [[0.5, 0.5, 0.25, 0.25, 0.25, 0.25]])
