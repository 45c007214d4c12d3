"""When festivals and shopping days are, in any year; those of the lunar calendar from a table."""

from datetime import date, timedelta

_FIXED = {
    "元旦": (1, 1), "跨年": (12, 31), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8), "38节": (3, 8), "女神节": (3, 8), "315": (3, 15),
    "三一五": (3, 15), "五一": (5, 1), "劳动节": (5, 1), "520": (5, 20), "儿童节": (6, 1), "六一": (6, 1), "618": (6, 18), "六一八": (6, 18),
    "建军节": (8, 1), "818": (8, 18), "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_LUNAR_NAMES = ("春节", "元宵", "端午", "七夕", "中秋", "重阳", "腊八")
# Spring Festival … Double Ninth and the Laba after it (of January or December), as month and day; from lunardate 0.3.0.
_LUNAR: dict[int, str] = {
    2023: "0122 0205 0622 0822 0929 1023 0118", 2024: "0210 0224 0610 0810 0917 1011 0107", 2025: "0129 0212 0531 0829 1006 1029 0126",
    2026: "0217 0303 0619 0819 0925 1018 0115", 2027: "0206 0220 0609 0808 0915 1008 0104", 2028: "0126 0209 0528 0826 1003 1026 0122",
    2029: "0213 0227 0616 0816 0922 1016 0111", 2030: "0203 0217 0605 0805 0912 1005 0101", 2031: "0123 0206 0624 0824 1001 1024 0120",
    2032: "0211 0225 0612 0812 0919 1012 0108", 2033: "0131 0214 0601 0801 0908 1001 0127", 2034: "0219 0305 0620 0820 0927 1020 0116",
    2035: "0208 0222 0610 0810 0917 1009 0105", 2036: "0128 0211 0530 0828 1004 1027 0123",
}  # fmt: skip
_SPRING = {
    "除夕": -1,
    "大年三十": -1,
    "年三十": -1,
    "大年夜": -1,
    "小年": -8,
    "过年": 0,
    "新年": 0,
    "大年初一": 0,
} | {
    f"{lead}初{day}": index
    for lead in ("正月", "大年", "年")
    for index, day in enumerate("一二三四五六七八九十")
}
_ALIKE = {
    "元宵节": "元宵",
    "正月十五": "元宵",
    "端午节": "端午",
    "中秋节": "中秋",
    "八月十五": "中秋",
    "重阳节": "重阳",
}
_HOLIDAYS = {
    "元旦": (0, 2),
    "五一": (0, 4),
    "劳动节": (0, 4),
    "国庆": (0, 6),
    "十一": (0, 6),
    "春节": (-1, 6),
    "过年": (-1, 6),
    "新年": (-1, 6),
}
NAMES = sorted(
    {*_FIXED, *_LUNAR_NAMES, *_SPRING, *_ALIKE, "清明", "母亲节", "父亲节", "黑五", "黑色星期五"}
    - {"十一", "八月十五"},
    key=len,
    reverse=True,
)


def of_year(name: str, year: int) -> date | None:
    """The day in that year; None where the lunar table has no such year."""
    name = _ALIKE.get(name, name)
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _SPRING:
        spring = _lunar("春节", year)
        return spring + timedelta(days=_SPRING[name]) if spring else None
    if name == "清明":
        return date(year, 4, int(year % 100 * 0.2422 + 4.81) - year % 100 // 4)
    if name in _LUNAR_NAMES:
        return _lunar(name, year)
    return _nth_weekday(name, year)


def holiday(name: str, day: date) -> tuple[date, date]:
    """First and last day of the days off around a festival, in their usual length; the day itself for others."""
    before, after = _HOLIDAYS.get(name, (0, 0))
    return day + timedelta(days=before), day + timedelta(days=after)


def _lunar(name: str, year: int) -> date | None:
    if year not in _LUNAR:
        return None
    day = _LUNAR[year].split()[_LUNAR_NAMES.index(name)]
    return date(year, int(day[:2]), int(day[2:]))


def _nth_weekday(name: str, year: int) -> date:
    """Mother's Day (second Sunday of May), Father's Day (third of June), Black Friday (after November's fourth Thursday)."""
    month, weekday, count, extra = {"母亲节": (5, 6, 2, 0), "父亲节": (6, 6, 3, 0)}.get(name, (11, 3, 4, 1))
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1) + extra)
