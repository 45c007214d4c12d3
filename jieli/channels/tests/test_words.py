import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.channels.words import Matcher, folded

MATCHER = Matcher({"最便宜": True, "保证": False, "保证退款": True, "VIP": True, "a.b": True, "  ": True})


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("", []),
        ("没有", []),
        ("我们最便宜", [("最便宜", 2, True)]),
        ("保证退款，保证", [("保证退款", 0, True), ("保证", 5, False)]),
        ("尊贵的ｖＩp", [("VIP", 3, True)]),
        ("acb a.b", [("a.b", 4, True)]),
        ("İİ最便宜", [("最便宜", 2, True)]),
    ],
)
def test_words_are_found_with_their_place(text: str, hits: list[tuple[str, int, bool]]) -> None:
    assert [(hit.word, hit.at, hit.blocks) for hit in MATCHER.find(text)] == hits


def test_no_words_find_nothing() -> None:
    assert Matcher({}).find("x") == ()


@given(st.text())
def test_places_stay_true(text: str) -> None:
    assert len(folded(text)) == len(text)
