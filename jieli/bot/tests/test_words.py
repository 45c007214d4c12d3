import re
from pathlib import Path

import pytest

from jieli.bot import words

_SLOT = re.compile(r"\{(\w+)\}")
_CODE = "\n".join(
    path.read_text() for path in Path(words.__file__).parent.rglob("*.py") if "tests" not in path.parts
)


@pytest.mark.parametrize("key", sorted(words.table()))
def test_every_text_says_the_same_in_both_languages(key: str) -> None:
    text = words.table()[key]
    assert text.zh
    assert text.en
    assert set(_SLOT.findall(text.zh)) == set(_SLOT.findall(text.en))
    assert not re.search(r"[\u4e00-\u9fff]", text.en)


@pytest.mark.parametrize("key", sorted(words.table()))
def test_every_text_is_used(key: str) -> None:
    section, name = key.split(".")
    by_value = f'"{section}"' in _CODE or f'"{section}.' in _CODE or f"{section}.{{" in _CODE
    assert f'"{key}"' in _CODE or (by_value and section in _BY_VALUE) or f'"{name}"' in _CODE


_BY_VALUE = {
    "order_state",
    "parcel_state",
    "return_state",
    "return_type",
    "refund_state",
    "invoice_state",
    "exception",
    "emotion",
    "what",
    "given",
    "time",
    "media",
    "why",
    "talk",
    "ask",
    "open_question",
    "tier",
    "step",
}


def test_a_slot_that_is_not_given_is_a_defect() -> None:
    with pytest.raises(KeyError):
        words.say("hand.waiting_at", "zh", behind=1)
