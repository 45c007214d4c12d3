import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.channels import texts


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_everything_becomes_storable_and_nothing_is_lost(text: str) -> None:
    kept = texts.storable(text)
    kept.encode()
    assert "\x00" not in kept
    assert len(kept) == len(text)
    assert texts.storable(kept) == kept


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_is_a_beginning_and_fits(text: str, longest: int) -> None:
    kept = texts.clipped(text, longest)
    assert text.startswith(kept)
    assert len(kept.encode()) <= longest
    assert kept == text or len(kept.encode()) > longest - 4


def test_context_is_bounded() -> None:
    kept = texts.storable_context({f"k{n}": "v" * 5000 for n in range(100)} | {"empty": ""})
    assert len(kept) == 64
    assert {len(value) for value in kept.values()} == {2000}


@pytest.mark.parametrize(
    "body", [b'{"a":"\\ud800"}', b'{"\\uDC00":1}', b'{"a":["\\ud83d x \\u0000"]}', b'{"a":"\\ud83d\\ude00"}']
)
def test_lone_surrogates_do_not_refuse_a_message(body: bytes) -> None:
    repr(texts.read_json(body)).encode()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 99_999, b'{"a":"\\ud800"', b'{"\\ud800":' * 9999, b"\xff", b"[]"]
)
def test_what_is_no_object_is_told_in_words(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        texts.read_json(body)
