"""Dates, times and spans in Chinese, resolved against the moment of the message in Asia/Shanghai."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities import days
from jieli.understanding.entities.days import Seen
from jieli.understanding.entities.numerals import number, whole
from jieli.understanding.entities.wording import HINT, JOINS, PARTS, WHEN

__all__ = ["HINT", "dates"]
ZONE = ZoneInfo("Asia/Shanghai")
_GAPS = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "钟头": timedelta(hours=1), "天": timedelta(days=1),
         "周": timedelta(weeks=1), "星期": timedelta(weeks=1), "礼拜": timedelta(weeks=1)}  # fmt: skip
_JUST = timedelta(hours=1)
_COUNTED = re.compile(r"[有这那第几哪每共]$")


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase at [start, end): from `low` to `high` as ISO texts; `day` and `part` are what the other end of a range takes
    over, `bound` is the word that opens one end."""

    start: int
    end: int
    low: str
    high: str
    day: date | None = None
    part: str = ""
    hour: int = -1
    bound: str = ""
    ranged: bool = False


def dates(text: str, at: datetime, expecting: str = "") -> Iterator[Entity]:
    """A clock alone is today's; a part of the day alone (下午) names no date unless one was asked for."""
    now = at.astimezone(ZONE)
    last: _Found | None = None
    for match in WHEN.finditer(text):
        if not match[0].strip("的 "):
            continue
        joined = (
            last
            if last and not (last.bound or last.ranged) and JOINS.fullmatch(text, last.end, match.start())
            else None
        )
        found = _read(match, now, joined, expecting)
        if found is None:
            continue
        if joined and found.high[:10] >= joined.low[:10]:  # what runs backwards is no range
            last = replace(found, start=joined.start, low=joined.low, ranged=True)
            continue
        if last:
            yield _entity(text, last, now)
        last = found
    if last:
        yield _entity(text, last, now)


def _entity(text: str, found: _Found, now: datetime) -> Entity:
    return Entity(EntityKind.DATE, text[found.start : found.end], _value(found, now), found.start, found.end)


def _value(found: _Found, now: datetime) -> str:
    bound = found.bound
    if bound.endswith("前"):
        return f"/{found.low}"
    if bound.endswith(("后", "起", "始")):
        return f"{found.high if bound.endswith('后') else found.low}/"
    if bound.endswith("内") and found.high[:10] >= now.date().isoformat():
        return f"{now.date().isoformat()}/{found.high}"
    return found.low if found.low == found.high else f"{found.low}/{found.high}"


def _read(match: re.Match[str], now: datetime, joined: _Found | None, expecting: str) -> _Found | None:
    shown = match[0].rstrip("的 ")
    lead = len(shown) - len(shown.lstrip("的 "))
    start, end = match.start() + lead, match.start() + len(shown)
    if match["gap"]:
        low, high = _gap(match, now)
        return _Found(start, match.end("gap"), low, high)
    if match["just"]:
        return _Found(start, match.end("just"), _minute(now - _JUST), _minute(now))
    seen = Seen(
        now.date(), days.tense(match.string, start, end), joined.day if joined and joined.hour < 0 else None
    )
    named = days.named(match, seen)
    if named is None and not _clock_alone(match, joined, expecting):
        return None
    found = _timed(match, named or _today(now, joined), joined)
    turn = match["end"][1] if match["end"] in ("年前", "年后") else ""
    return replace(found, start=start, end=end, bound=match["bound"] or turn)


def _today(now: datetime, joined: _Found | None) -> days.Days:
    day = joined.day if joined and joined.day else now.date()
    return day, day


def _clock_alone(match: re.Match[str], joined: _Found | None, expecting: str) -> bool:
    """Whether a match that names no day still names a time: 一点 is "a bit" and 两点 may be two points."""
    if any(match[name] for name in ("ymd", "packed", "rel", "md", "short", "mon", "end", "festival", "dom")):
        return False
    if not match["clock"]:
        return bool(match["part"]) and expecting == EntityKind.DATE
    counted = (match["oh"] or "") in "一两二三" and not any(
        match[g] for g in ("part", "half", "om", "quarter", "bound")
    )
    if match["hour"] or joined or not counted or not match["oh"]:
        return not _COUNTED.search(match.string[: match.start()][-1:])
    return match["oh"] != "一" and expecting == EntityKind.DATE


def _timed(match: re.Match[str], named: days.Days, joined: _Found | None) -> _Found:
    """The days, narrowed to the part of the day or to the clock."""
    first, last = named
    part = match["part"] or (joined.part if joined and match["clock"] else "")
    if match["clock"]:
        moment = _moment(match, first, part, joined)
        until = moment + timedelta(hours=1) if match["many"] else moment
        return _Found(0, 0, _minute(moment), _minute(until), first, part, moment.hour)
    if part and first == last:
        begin, end = PARTS[part]
        midnight = datetime.combine(first, time(), ZONE)
        return _Found(
            0,
            0,
            _minute(midnight + timedelta(hours=begin)),
            _minute(midnight + timedelta(hours=end)),
            first,
            part,
            begin,
        )
    return _Found(0, 0, first.isoformat(), last.isoformat(), last)


def _moment(match: re.Match[str], day: date, part: str, joined: _Found | None) -> datetime:
    hour = int(match["hour"]) if match["hour"] else whole(match["oh"])
    minute = whole(match["minute"] or match["om"]) or (30 if match["half"] else 15 * whole(match["quarter"]))
    hour = _of_day(hour, part, clock=bool(match["hour"]))
    if joined and joined.day == day and joined.hour > hour:
        hour += 24 if match["part"] or hour + 12 <= joined.hour else 12
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour, minutes=minute)


def _of_day(hour: int, part: str, *, clock: bool) -> int:
    """The hour of 24: 晚上12点 is the next midnight, and 3点 without more is in the afternoon (3:00 is not)."""
    begin = PARTS.get(part, (0, 0))[0]
    if begin >= 17 and hour == 12:
        return 24
    if begin >= 17 and hour <= 4:
        return hour + 24
    if begin >= 11 and hour < 12 and not (part == "中午" and hour >= 11):
        return hour + 12
    if part in ("凌晨", "半夜") and hour == 12:
        return 0
    return hour + 12 if not part and not clock and 1 <= hour <= 6 else hour


def _gap(match: re.Match[str], now: datetime) -> tuple[str, str]:
    count = float(number(match["count"]) or 0) if match["count"] != "半" else 0.5
    count += 0.5 if match["plus"] else 0
    sign = -1 if match["side"] == "前" else 1
    if match["unit"] in ("月", "年"):
        moment = _months_away(now, sign * count * (12 if match["unit"] == "年" else 1))
    else:
        moment = now + sign * count * _GAPS[match["unit"]]
    if match["side"] == "内":
        return _minute(now), _minute(moment)
    fine = match["unit"] in ("分钟", "小时", "钟头")
    written = _minute(moment) if fine else moment.date().isoformat()
    return written, written


def _months_away(now: datetime, count: float) -> datetime:
    first, last = days.month(now.year, now.month + int(count))
    moved = now.replace(year=first.year, month=first.month, day=min(now.day, last.day))
    return moved + timedelta(days=15 * (count - int(count)) * 2)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
