from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from jieli.kernel import doctor
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade
from jieli.knowledge.tests.makers import article

pytestmark = pytest.mark.django_db
_MEANINGS = (("退", "不要"), ("票", "报销"), ("洗", "脏"))


class ByMeaning:
    """Knows which words mean the same, as a real model would."""

    version = "meaning@1"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[float(any(word in text for word in words)) for words in _MEANINGS] for text in texts]
        return np.asarray(rows, dtype=np.float32)


@pytest.fixture
def _meaning() -> Iterator[None]:
    facade.bind_embedder(ByMeaning())
    yield
    facade.bind_embedder(None)


@pytest.fixture(autouse=True)
def _shelf() -> None:
    shelf = [
        article("returns", "退货", "七天。"),
        article("invoice", "发票", "电子。"),
        article("wash", "清洗", "清水。"),
    ]
    facade.import_articles(SYSTEM, shelf)


@pytest.mark.usefixtures("_meaning")
def test_an_embedder_finds_what_shares_no_word() -> None:
    assert facade.search("公司要报销")[0].slug == "invoice"
    assert facade.search("东西不要了")[0].slug == "returns"


def test_without_one_what_shares_no_word_is_not_found() -> None:
    assert facade.search("公司要报销") == []


def test_the_doctor_counts_articles() -> None:
    assert any("3 articles are published" in finding.what for finding in doctor.examine())
