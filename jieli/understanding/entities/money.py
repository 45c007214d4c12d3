"""Amounts in yuan."""

import re
from collections.abc import Iterator
from decimal import Decimal

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities.numerals import NUMERAL, number

_SIGN = re.compile(r"[¥￥]\s?(?P<no>\d+(?:,\d{3})*(?:\.\d{1,2})?)(?P<unit>[万千]?)")
_UNIT = re.compile(
    rf"(?P<no>\d+(?:,\d{{3}})*(?:\.\d{{1,2}})?[万千百]?|{NUMERAL}+)多?(?:个)?(?P<unit>元|块钱?|大洋|人民币|rmb|yuan)(?P<tail>\d(?!\d)|[一二三四五六七八九](?=[^一-龥]|$|毛))?",
    re.IGNORECASE,
)
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10_000}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def amounts(text: str) -> Iterator[Entity]:
    for match in _SIGN.finditer(text):
        value = Decimal(match["no"].replace(",", "")) * _SCALE[match["unit"]]
        yield Entity(EntityKind.AMOUNT, match[0], _plain(value), match.start(), match.end())
    for match in _UNIT.finditer(text):
        written = match["no"].replace(",", "")
        scale = _SCALE.get(written[-1], 1) if written[:1].isdigit() else 1
        worth = number(written[:-1] if scale > 1 else written)
        if worth is None or written in "万千百十":
            continue
        value = Decimal(str(worth)) * scale
        if match["tail"]:
            value += Decimal(str(number(match["tail"]))) / 10
        yield Entity(EntityKind.AMOUNT, match[0], _plain(value), match.start(), match.end())
