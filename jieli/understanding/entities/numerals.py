"""Chinese numerals as people type them: 三, 十五, 两百, 一千二, 2万; and digits read out one by one: 一三八零…"""

import re
from decimal import Decimal, InvalidOperation

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERAL = r"[0-9零〇一二两俩三四五六七八九十百千万]"

_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_WIDE_HINT = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0b\uff0d\uff0e\uff0f\uff20\u3000]")
_SPOKEN = {ord(c): str(i) for c, i in DIGITS.items() if c not in "两俩"} | {ord("幺"): "1"}
_SPELT = "零〇一二三四五六七八九幺"
_READ_OUT = re.compile(
    rf"(?<![{_SPELT}])[{_SPELT}]{{2,24}}(?:[- ，,][{_SPELT}]{{2,8}}){{0,5}}(?![{_SPELT}十百千万])"
)
_READ_HINT = re.compile(f"[{_SPELT}]{{3}}")
_LEAST = 7  # shorter runs are counts and years


def folded(text: str) -> str:
    """The same text, character for character, with full-width letters and digits, and numbers read out digit by digit,
    in ASCII; what is found at [start, end) stands there in the original too."""
    if text.isascii():
        return text
    if _WIDE_HINT.search(text):
        text = text.translate(_WIDE)
    return _READ_OUT.sub(_dictated, text) if _READ_HINT.search(text) else text


def _dictated(match: re.Match[str]) -> str:
    said = match[0]
    count = sum(char in _SPELT for char in said)
    if count >= _LEAST or (len(said) == 4 and match.string.startswith("年", match.end())):
        return said.translate(_SPOKEN).replace("，", "-").replace(",", "-")
    return said


def number(text: str) -> Decimal | None:
    """None if `text` is no number. A trailing digit takes the next unit down: 一千二 is 1200, 两万五 is 25000."""
    if text[:1].isascii():
        try:
            return Decimal(text)
        except InvalidOperation:
            pass
    total, section, current, last = 0, 0, 0, 1
    for index, char in enumerate(text):
        if char in DIGITS:
            current = DIGITS[char]
            if index == len(text) - 1 and last >= 100 and text[index - 1] in _UNITS:
                current *= last // 10
        elif char.isascii() and char.isdigit():
            current = current * 10 + int(char)
        elif char == "万":
            total, section, current, last = total + (section + current or 1) * 10_000, 0, 0, 10_000
        elif char in _UNITS:
            section, current, last = section + (current or 1) * _UNITS[char], 0, _UNITS[char]
        else:
            return None
    return Decimal(total + section + current)


def whole(text: str | None) -> int:
    """The numeral as an integer; 0 for none."""
    return int(number(text or "") or 0)
