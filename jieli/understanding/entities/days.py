"""Which days a phrase names, seen from the day of the message."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jieli.understanding.entities import festivals
from jieli.understanding.entities.numerals import whole
from jieli.understanding.entities.wording import DAYS

Days = tuple[date, date]
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6} | {str(i): i - 1 for i in range(1, 8)}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
_YEARS = {"今": 0, "明": 1, "去": -1, "前": -2, "后": 2}
_PAST = re.compile(
    r"已经?|买|拍|下的?单|付|收到|签收|到货的|到的|寄了|退了|退的|申请|打过|说过?|约了|取消|签|走的|发的|答应|就"
)
_AHEAD = re.compile(
    r"还没|要|能|会|可以|准备|打算|预约|改|送|来|安装|上门|再|才|等|到吗|到不|发货吗|有货|开始|截止|约到|不在|没人|有人|有空|在家|放假|回家|出差"
)
_OF_DATES = re.compile(r"(?:日期|时间|生日|在|是|于|从|到|至|我)\s?$")
_AS_DATE = re.compile(
    r"\s?(?:-[0-9]{1,2}[./][0-9]|[号日]|之?前|之?后|以[前后]|那天|当天|下[的了]?单|买|拍|付|签收|收到|到货|发[货的]|寄|送|安装|申请|退|左右|[上下中]午|晚|早|凌晨|到|至)"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """From where days are seen: today, whether the words speak of the past (-1) or of what is to come (1), and the day
    after which the second end of a range lies."""

    today: date
    tense: int = 0
    after: date | None = None

    def pick(self, found: Sequence[date]) -> date | None:
        """Of the same day in several weeks, months or years the one that is meant; without a hint the nearest."""
        if self.after:
            return min((day for day in found if day >= self.after), default=None)
        if self.tense < 0:
            found = [day for day in found if day <= self.today] or found
        if self.tense > 0:
            found = [day for day in found if day >= self.today] or found
        return min(found, key=lambda day: abs((day - self.today).days), default=None)


def tense(text: str, start: int, end: int) -> int:
    """-1 where the nearest telling word after the phrase (else before it) is of the past, 1 for the future, else 0."""
    for stretch, last in ((text[end : end + 7], False), (text[max(0, start - 6) : start], True)):
        past, ahead = _place(_PAST, stretch, last=last), _place(_AHEAD, stretch, last=last)
        if past != ahead:
            return -1 if past < ahead else 1
    return 0


def _place(words: re.Pattern[str], stretch: str, *, last: bool) -> int:
    """How far from the phrase the nearest of the words stands."""
    places = [len(stretch) - m.end() if last else m.start() for m in words.finditer(stretch)]
    return min(places, default=99)


def named(match: re.Match[str], seen: Seen) -> Days | None:
    """First and last day that the match names; None if it names none or an impossible one."""
    return next((read(match, seen) for kind, read in _NAMED.items() if match[kind]), None)


def month(year: int, number: int) -> Days:
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _one(day: date | None) -> Days | None:
    return (day, day) if day else None


def _day(year: int, number: int, day: int) -> date | None:
    return date(year, number, day) if 1 <= day <= monthrange(year, number)[1] else None


def _every_year(number: int, day: int, seen: Seen) -> date | None:
    year = seen.today.year
    return seen.pick([found for y in (year - 1, year, year + 1) if (found := _day(y, number, day))])


def _third(days: Days, name: str | None) -> Days:
    """A third of a month, or its first or last days: 底 is the last day, 初 the first five."""
    first, last = days
    if name in ("底", "末"):
        return last, last
    begin, end = {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "中": (11, 20),
        "下旬": (21, last.day),
        "初": (1, 5),
    }.get(name or "", (1, last.day))
    return first.replace(day=begin), first.replace(day=end)


def _full(match: re.Match[str], seen: Seen) -> Days | None:
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    number, day = match["m"] or match["m2"], match["d"] or match["d2"]
    if number is None:
        return (date(year, 1, 1), date(year, 12, 31)) if match["ymd"].endswith("年") else None
    return _one(_day(year, int(number), int(day))) if day else month(year, int(number))


def _packed(match: re.Match[str], seen: Seen) -> Days | None:
    digits = match["packed"]
    return _one(_day(int(digits[:4]), int(digits[4:6]), int(digits[6:])))


def _of_named_year(match: re.Match[str], seen: Seen) -> Days | None:
    word = match["rel"][:-1]
    year = int(word) if word.isdigit() else seen.today.year + _YEARS[word]
    if match["rfest"]:
        return _one(festivals.of_year(match["rfest"], year))
    if match["rend"]:
        return month(year, 1 if match["rend"].endswith("初") else 12)
    if match["rdd"]:
        return _one(_day(year, whole(match["rmm"]), whole(match["rdd"])))
    return _third(month(year, whole(match["rmm"])), match["rthird"])


def _month_day(match: re.Match[str], seen: Seen) -> Days | None:
    number = whole(match["mm"])
    if match["dd"]:
        return _one(_every_year(number, whole(match["dd"]), seen))
    middle = _every_year(number, 15, seen)
    return _third(month(middle.year, number), match["third"]) if middle else None


def _short(match: re.Match[str], seen: Seen) -> Days | None:
    """11-03 is a date; 11.3 and 11/3 are where the words around them are those of dates."""
    text, (start, end) = match.string, match.span("short")
    dashed = match["sep"] == "-" and len(match["sm"]) == len(match["sd"]) == 2
    if not (
        dashed
        or match["mark"]
        or seen.after
        or _AS_DATE.match(text, end)
        or _OF_DATES.search(text[max(0, start - 4) : start])
    ):
        return None
    return _one(_every_year(int(match["sm"]), int(match["sd"]), seen))


def _near_month(match: re.Match[str], seen: Seen) -> Days | None:
    word = match["mon"][:-1].removesuffix("个")
    days = month(seen.today.year, seen.today.month + _SHIFTS[word])
    if match["mday"]:
        return _one(_day(days[0].year, days[0].month, whole(match["mday"])))
    return _third(days, match["mthird"])


def _turn(match: re.Match[str], seen: Seen) -> Days | None:
    """Ends of this month and year; 年前 and 年后 are before and after the Spring Festival."""
    word, today = match["end"], seen.today
    if word[0] == "月":
        return _third(month(today.year, today.month), word[1])
    if word in ("年前", "年后"):
        years = [festivals.of_year("除夕", year) for year in (today.year - 1, today.year, today.year + 1)]
        eves = [eve for eve in years if eve and (seen.tense <= 0 or eve >= today)]
        return _one(min(eves, key=lambda eve: abs((eve - today).days), default=None))
    return month(today.year, 1 if word == "年初" else 12)


def _week(match: re.Match[str], seen: Seen) -> Days:
    monday = (
        seen.today - timedelta(days=seen.today.weekday()) + timedelta(weeks=_SHIFTS[match["which"] or ""])
    )
    if match["wd"] == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    day = monday + timedelta(days=_WEEKDAYS[match["wd"]])
    if not match["which"]:
        shift = _open_week(day, seen)
        day += timedelta(weeks=shift)
    return day, day


def _open_week(day: date, seen: Seen) -> int:
    """A weekday without 上, 这 or 下 is this week's, unless the words say that it was or will be."""
    if seen.after:
        return 0 if day >= seen.after else -(-(seen.after - day).days // 7)
    if seen.tense < 0 and day > seen.today:
        return -1
    return 1 if seen.tense > 0 and day < seen.today else 0


def _weeks(match: re.Match[str], seen: Seen) -> Days:
    word = re.split(r"个|周|星|礼", match["weeks"])[0]
    monday = seen.today - timedelta(days=seen.today.weekday()) + timedelta(weeks=_SHIFTS[word])
    return monday, monday + timedelta(days=6)


def _near_day(match: re.Match[str], seen: Seen) -> Days | None:
    return _one(seen.today + timedelta(days=DAYS[match["day"]]))


def _around(match: re.Match[str], seen: Seen) -> Days:
    """前三天 are the three days before today, 近三天 end with it, 过三天 is one day."""
    count = timedelta(days=whole(match["days"]))
    if match["way"] == "过":
        return seen.today + count, seen.today + count
    last = seen.today - timedelta(days=1) if match["way"] == "前" else seen.today
    return seen.today - count, last


def _festival(match: re.Match[str], seen: Seen) -> Days | None:
    year, name = seen.today.year, match["festival"]
    day = seen.pick([found for y in (year - 1, year, year + 1) if (found := festivals.of_year(name, y))])
    return (festivals.holiday(name, day) if match["off"] else (day, day)) if day else None


def _day_of_month(match: re.Match[str], seen: Seen) -> Days | None:
    """ "3号" is the third of this month or of a neighbour."""
    months = [month(seen.today.year, seen.today.month + shift)[0] for shift in (-1, 0, 1, 2)]
    days = [_day(first.year, first.month, whole(match["dom"][:-1])) for first in months]
    return _one(seen.pick([day for day in days if day]))


def _year(match: re.Match[str], seen: Seen) -> Days:
    year = seen.today.year + _YEARS[match["year"][0]]
    return date(year, 1, 1), date(year, 12, 31)


_NAMED = {
    "ymd": _full, "packed": _packed, "rel": _of_named_year, "md": _month_day, "short": _short, "mon": _near_month, "end": _turn, "week": _week,
    "weeks": _weeks, "day": _near_day, "around": _around, "festival": _festival, "dom": _day_of_month, "year": _year,
}  # fmt: skip
