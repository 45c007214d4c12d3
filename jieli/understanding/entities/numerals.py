"""Chinese numerals as people type them: 三, 十五, 两百, 一千二, 2万."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERAL = r"[0-9零〇一二两俩三四五六七八九十百千万]"


def number(text: str) -> float | None:
    """None if `text` is no number. A trailing digit takes the next unit down: 一千二 is 1200, 两万五 is 25000."""
    try:
        return float(text)
    except ValueError:
        pass
    total, section, current, last = 0.0, 0.0, 0.0, 1
    for index, char in enumerate(text):
        if char in DIGITS:
            current = DIGITS[char]
            if index == len(text) - 1 and last >= 100 and text[index - 1] in _UNITS:
                current *= last / 10
        elif char.isdigit():
            current = current * 10 + int(char)
        elif char == "万":
            total, section, current, last = total + (section + current or 1) * 10_000, 0, 0, 10_000
        elif char in _UNITS:
            section, current, last = section + (current or 1) * _UNITS[char], 0, _UNITS[char]
        else:
            return None
    return total + section + current
