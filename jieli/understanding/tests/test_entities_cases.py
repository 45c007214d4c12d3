"""What customers write, and what is found in it: one row of the table per message."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jieli.understanding.contracts import Lexicon
from jieli.understanding.entities.extract import entities

ZONE = ZoneInfo("Asia/Shanghai")
TABLE = Path(__file__).with_name("test_entities_cases.tsv")
BRAND = Lexicon(
    {
        "KT-35GW": ("云栖空调", "清风1.5匹空调"),
        "KT-72LW": ("云栖空调",),
        "MJ-01": ("玫瑰精华",),
        "KFR-35GW": ("清扬变频空调",),
        "XY-1": ("滚筒洗衣机", "水乳"),
    }
)


def rows() -> list[list[str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            row
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row[0].startswith("#")
        ]


@pytest.mark.parametrize(("at", "expecting", "text", "wanted"), rows())
def test_a_message_of_the_table(at: str, expecting: str, text: str, wanted: str) -> None:
    found = entities(text, datetime.fromisoformat(at).replace(tzinfo=ZONE), expecting, BRAND)
    assert " ".join(f"{one.kind}={one.value}" for one in found) == wanted
    assert all(text[one.start : one.end] == one.text for one in found)


def test_the_table_is_large_and_says_each_thing_once() -> None:
    keys = [(at, expecting, text) for at, expecting, text, _ in rows()]
    assert len(keys) >= 200
    assert len(set(keys)) == len(keys)
