"""Due times in Chinese sentences: 今天、明天14点前、3天内、24小时内、本周五、3个工作日."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
_END_OF_DAY = time(23, 59)
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_LONGEST_DAYS = 730


@dataclass(frozen=True, slots=True)
class DueTime:
    """`words` at [start, end) of the sentence name the moment `at`."""

    words: str
    start: int
    end: int
    at: datetime


_SPAN = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s*(?:[-~—到至]|——)\s*)?(?P<n>{_NUMBER}|半|几)\s*"
    r"(?P<unit>个?(?:工作日|工作天)|分钟|分(?!期|之)|个?(?:半)?小时|h(?![a-z])|个?钟头?|天|日(?=内|之内|以内)|个?(?:星期|礼拜|周)|个?月)"
    r"(?P<bound>(?:之|以)?内|左右|之?后|以后)?",
    re.IGNORECASE,
)
_DAY = re.compile(r"大后天|后天|次日|明天|明日|明早|明晚|今天|今日|今早|今晚|当天|当日|今儿|明儿")
_WEEKDAY = re.compile(r"(?P<which>下下|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_WEEK = re.compile(r"(?P<which>本|这|下)(?:个)?(?:周|星期)(?:之?内|前)?(?![一二三四五六日天末])")
_MONTH_END = re.compile(r"(?P<which>本月|这个月|月|下个?月)(?P<part>底|末|中旬|初)")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<month>1[0-2]|0?[1-9])\s*月\s*)?(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号](?!\d|链接)"
)
_PART = re.compile(r"凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|下班")
_CLOCK = re.compile(
    r"(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:[点时]|[:：](?=\d\d))\s*(?:(?P<half>半)|(?P<m>\d{1,2})分?)?"
)
_PART_ENDS = {
    "凌晨": time(6),
    "早上": time(10),
    "早晨": time(10),
    "上午": time(12),
    "中午": time(13),
    "下午": time(18),
    "下班": time(18),
    "傍晚": time(19),
    "晚上": _END_OF_DAY,
    "晚间": _END_OF_DAY,
    "夜里": _END_OF_DAY,
}
_NIGHTS = frozenset({"晚上", "晚间", "夜里"})
_LATE_PARTS = frozenset({"下午", "傍晚", "晚上", "晚间", "夜里"})
_DAYS_AHEAD = {"大后天": 3, "后天": 2, "次日": 1, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1}
_GAP = 6
_HOURS = frozenset({"小时", "半小时", "钟", "钟头", "h"})
_DAYS_OF = {"周": 7, "星期": 7, "礼拜": 7, "月": 30}


def number(text: str) -> int:
    """1 to 999 in digits, 一 to 九十九 in Chinese."""
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(ones[-1:], 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def find(text: str, at: datetime) -> DueTime | None:
    """The due time that the sentence names, if it lies after `at`."""
    local = at.astimezone(ZONE)
    ways: tuple[Callable[[str, datetime], DueTime | None], ...] = (_span, _dated, _clock_only)
    for way in ways:
        found = way(text, local)
        if found is not None:
            return found if found.at > at else None
    return None


def _span(text: str, now: datetime) -> DueTime | None:
    for found in _SPAN.finditer(text):
        if found["n"] == "几":
            continue
        due = _after(found, now)
        if due is not None:
            return DueTime(found[0], found.start(), found.end(), due)
    return None


def _after(found: re.Match[str], now: datetime) -> datetime | None:
    """A bare “3天” counts only with 内, 左右 or 后, or as a range (3-5天)."""
    amount = 0.5 if found["n"] == "半" else float(number(found["n"]))
    if amount <= 0 or not (found["bound"] or found["low"]):
        return None
    unit = found["unit"].lstrip("个").lower()
    if unit.startswith("工作"):
        return _end_of(_working_day(now.date(), int(amount))) if amount >= 1 else None
    if unit.startswith("分"):
        return now + timedelta(minutes=amount)
    if unit in _HOURS:
        return now + timedelta(hours=amount + (0.5 if unit == "半小时" else 0))
    days = amount * _DAYS_OF.get(unit, 1)
    if days > _LONGEST_DAYS:
        return None
    return _end_of(now.date() + timedelta(days=int(days))) if days >= 1 else now + timedelta(days=days)


def _working_day(start: date, count: int) -> date:
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def is_working(day: date) -> bool:
    """By the State Council's calendar with its make-up workdays; Monday to Friday in years not announced yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, ZONE)


def _dated(text: str, now: datetime) -> DueTime | None:
    named = _day_named(text, now)
    if named is None:
        return None
    day, start, end, words = named
    moment, stop = _moment_near(text, end, words)
    due = datetime.combine(day, moment, ZONE)
    return DueTime(text[start:stop], start, stop, due)


def _day_named(text: str, now: datetime) -> tuple[date, int, int, str] | None:
    today = now.date()
    if found := _DAY.search(text):
        return today + timedelta(days=_DAYS_AHEAD.get(found[0], 0)), found.start(), found.end(), found[0]
    if found := _WEEKDAY.search(text):
        return _weekday(found, today), found.start(), found.end(), found[0]
    if found := _WEEK.search(text):
        sunday = today + timedelta(days=6 - today.weekday() + (7 if found["which"] == "下" else 0))
        return sunday, found.start(), found.end(), found[0]
    if found := _MONTH_END.search(text):
        return _in_month(found, today), found.start(), found.end(), found[0]
    if (found := _DATE.search(text)) and (day := _calendar_day(found, today)):
        return day, found.start(), found.end(), found[0]
    return None


def _weekday(found: re.Match[str], today: date) -> date:
    day = 6 if found["day"] == "末" else "一二三四五六日".index(found["day"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    weeks = {"下下": 2, "下": 1}.get(found["which"] or "", 0)
    meant = monday + timedelta(days=day + 7 * weeks)
    return meant if meant >= today or found["which"] else meant + timedelta(days=7)


def _in_month(found: re.Match[str], today: date) -> date:
    first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    if found["which"].startswith("下"):
        first, following = following, (following + timedelta(days=32)).replace(day=1)
    if found["part"] == "初":
        return (first if first >= today or found["which"].startswith("下") else following) + timedelta(days=9)
    return first + timedelta(days=19) if found["part"] == "中旬" else following - timedelta(days=1)


def _calendar_day(found: re.Match[str], today: date) -> date | None:
    """The next day of that number; of that month when one is named."""
    month = int(found["month"]) if found["month"] else 0
    day = int(found["day"])
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    tries = (
        [(today.year, month), (today.year + 1, month)]
        if month
        else [(today.year, today.month), (following.year, following.month)]
    )
    for year, at_month in tries:
        try:
            meant = date(year, at_month, day)
        except ValueError:
            continue
        if meant >= today:
            return meant
    return None


def _moment_near(text: str, end: int, words: str) -> tuple[time, int]:
    """The time of day said right after the day, as (time, where its words end)."""
    part = "晚上" if words.endswith("晚") else "早上" if words.endswith("早") else ""
    stop = end
    if (found := _PART.search(text, end)) and found.start() <= end + _GAP:
        part, stop = found[0], found.end()
    found = _CLOCK.search(text, stop)
    if found and found.start() <= stop + 2 and (said := _clock(found, part)) is not None:
        return said, found.end()
    return (_PART_ENDS[part] if part else _END_OF_DAY), stop


def _clock(found: re.Match[str], part: str) -> time | None:
    hour, minute = number(found["h"]), 30 if found["half"] else int(found["m"] or 0)
    if part in _LATE_PARTS and hour < 12:
        hour += 12
    midnight = hour == 24 or (hour == 12 and part in _NIGHTS)
    if midnight and minute == 0:
        return _END_OF_DAY
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _clock_only(text: str, now: datetime) -> DueTime | None:
    """“下午3点前” without a day: today; “5点前” said at two in the afternoon: at five in the afternoon."""
    part_found = _PART.search(text)
    start = part_found.start() if part_found else 0
    found = _CLOCK.search(text, start)
    if found is None:
        return None
    part = part_found[0] if part_found and found.start() - part_found.end() <= 1 else ""
    said = _clock(found, part)
    if said is None:
        return None
    begin = part_found.start() if part and part_found else found.start()
    due = datetime.combine(now.date(), said, ZONE)
    if due <= now and not part and said.hour < 12:
        due += timedelta(hours=12)
    return DueTime(text[begin : found.end()], begin, found.end(), due)
