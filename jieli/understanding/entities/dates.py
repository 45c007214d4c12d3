"""Dates, times and spans in Chinese, resolved against the moment of the message in Asia/Shanghai."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities.numerals import number

ZONE = ZoneInfo("Asia/Shanghai")
_N = r"[0-9一二两三四五六七八九十]"
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨": -1, "前": -2, "今天": 0, "今日": 0, "今": 0, "当天": 0,
         "明天": 1, "明日": 1, "明": 1, "后天": 2, "大后天": 3}  # fmt: skip
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6} | {str(i): i - 1 for i in range(1, 8)}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
_FESTIVALS = {"双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18), "六一八": (6, 18),
              "元旦": (1, 1), "国庆": (10, 1), "五一": (5, 1), "圣诞": (12, 25), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8)}  # fmt: skip
_PARTS = {"凌晨": (0, 6), "早上": (6, 9), "早晨": (6, 9), "清早": (6, 9), "一早": (6, 9), "早": (6, 9), "上午": (8, 12), "中午": (11, 13),
          "下午": (12, 18), "傍晚": (17, 19), "晚上": (18, 24), "夜里": (20, 24), "晚": (18, 24), "半夜": (0, 5)}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_GAPS = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "钟头": timedelta(hours=1), "天": timedelta(days=1),
         "周": timedelta(weeks=1), "星期": timedelta(weeks=1), "礼拜": timedelta(weeks=1)}  # fmt: skip

_STARTS = "0-9一二两三四五六七八九十昨今明前后大当上下本这周星礼月双元国圣情妇凌早清中傍晚夜半"  # every match begins so
_WHEN = re.compile(
    rf"(?<!\d)(?=[{_STARTS}])"
    r"(?:(?P<ymd>(?P<y>20\d\d|\d\d(?=年))[-/年.](?P<m>1[0-2]|0?[1-9])(?:[-/月.](?P<d>3[01]|[12]\d|0?[1-9])[日号]?)(?!\d))"
    r"|(?P<md>(?P<mm>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月(?:份)?(?:(?P<dd>3[01]|[12]\d|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?(?!\d))?)"
    r"|(?P<mon>(?:上个?|这个?|本|下个?)月)(?:(?P<mday>3[01]|[12]\d|[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?"
    r"|(?P<end>月底|月末)"
    r"|(?P<week>(?P<which>上上|上|这|本|下下|下|)(?:个)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天1-7末])(?!天|期|年|个))"
    r"|(?P<weeks>(?:上上|上|这|本|下下|下)个?(?:周|星期|礼拜)(?!年))"
    r"|(?P<day>大前天|大后天|前天|昨天|昨日|今天|今日|当天|明天|明日|后天|[昨今明前](?=早|晚))"
    rf"|(?P<gap>(?P<count>\d{{1,3}}|半|{_N}{{1,3}})个?半?(?P<unit>分钟|小时|钟头|天|周|星期|礼拜|月)(?:之)?(?P<side>前|后|以前|以后|之前|之后|内))"
    rf"|(?P<festival>{'|'.join(_FESTIVALS)})(?:那天|当天|晚会)?"
    r"|(?P<dom>(?<![\d.])(?:3[01]|[12]\d|0?[1-9])[号日](?!楼|线|店|机|院|门|色|链)|(?<![一-龥])(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])号(?!楼|线|店|机|院|门|色|链)))?"
    rf"(?:的|\s)?(?P<part>{_PART})?(?:的)?"
    r"(?:(?P<clock>(?P<hour>2[0-3]|1\d|0?\d)[:\uff1a](?P<minute>[0-5]\d)(?!\d)|(?P<oh>2[0-4]|1\d|0?\d|十[一二]?|[一二两三四五六七八九])点(?:钟|整|(?P<half>半)|(?P<om>[0-5]?\d)分?|(?P<quarter>一刻))?(?!多|击|开|赞|个|到|了|链|不|选|啊|什|评|那|进|右|左|吧|就|申|确|提|我|下|取|退|在|上|这)))?"
)
HINT = re.compile(r"[天日月号周期拜点::晚午晨前后旦庆]|双1|双十|618|五一|六一八|三八|圣诞|20\d\d|小时|分钟")


def _nearest(year: int, month: int, day: int, today: date) -> date | None:
    """The date without a year that lies nearest to today."""
    found = [date(y, month, day) for y in (year - 1, year, year + 1) if day <= monthrange(y, month)[1]]
    return min(found, key=lambda each: abs((each - today).days), default=None)


def _whole(text: str | None) -> int:
    return int(number(text or "") or 0)


def _month(year: int, month: int) -> tuple[date, date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _calendar(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """First and last day that the date part of the match names."""
    found: date | None = None
    if match["ymd"]:
        year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
        last = monthrange(year, int(match["m"]))[1]
        found = date(year, int(match["m"]), int(match["d"])) if int(match["d"]) <= last else None
    elif match["md"]:
        month = _whole(match["mm"])
        if match["dd"] is None:
            middle = _nearest(today.year, month, 15, today)
            return _month(middle.year, month) if middle else None
        found = _nearest(today.year, month, _whole(match["dd"]), today)
    elif match["mon"]:
        first, last_day = _month(today.year, today.month + {"上": -1, "下": 1}.get(match["mon"][0], 0))
        if match["mday"] is None:
            return first, last_day
        found = (
            first.replace(day=_whole(match["mday"])) if 1 <= _whole(match["mday"]) <= last_day.day else None
        )
    elif match["end"]:
        found = _month(today.year, today.month)[1]
    elif match["week"] or match["weeks"]:
        return _week(match, today)
    elif match["day"]:
        found = today + timedelta(days=_DAYS[match["day"]])
    elif match["festival"]:
        found = _nearest(today.year, *_FESTIVALS[match["festival"]], today)
    elif match["dom"]:
        found = _day_of_month(_whole(match["dom"][:-1]), today)
    return (found, found) if found else None


def _week(match: re.Match[str], today: date) -> tuple[date, date]:
    which = match["which"] if match["week"] else re.split(r"个|周|星|礼", match["weeks"])[0]
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_WEEKS[which or ""])
    if not match["week"]:
        return monday, monday + timedelta(days=6)
    if match["wd"] == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    day = monday + timedelta(days=_WEEKDAYS[match["wd"]])
    return day, day


def _day_of_month(day: int, today: date) -> date | None:
    """ "3号" is the third that lies nearest, this month or a neighbour."""
    found = []
    for shift in (-1, 0, 1):
        first, last = _month(today.year, today.month + shift)
        if 1 <= day <= last.day:
            found.append(first.replace(day=day))
    return min(found, key=lambda each: abs((each - today).days), default=None)


def _clock(match: re.Match[str]) -> time | None:
    if not match["clock"]:
        return None
    hour = int(match["hour"]) if match["hour"] else _whole(match["oh"])
    minute = int(match["minute"] or match["om"] or (30 if match["half"] else 15 if match["quarter"] else 0))
    start = _PARTS.get(match["part"] or "", (0, 0))[0]
    if start >= 11 and hour < 12 and not (match["part"] == "中午" and hour == 11):
        hour += 12
    return time(hour % 24, minute)


def _gap(match: re.Match[str], now: datetime) -> str:
    count = 0.5 if match["count"] == "半" else (number(match["count"]) or 0)
    count += 0.5 if "半" in match["gap"][len(match["count"]) :] else 0
    sign = -1 if "前" in match["side"] else 1
    if match["unit"] == "月":
        first, last = _month(now.year, now.month + sign * round(count))
        return first.replace(day=min(now.day, last.day)).isoformat()
    moment = now + sign * count * _GAPS[match["unit"]]
    if match["side"] == "内":
        return f"{_minute(now)}/{_minute(moment)}"
    return _minute(moment) if match["unit"] in ("分钟", "小时", "钟头") else moment.date().isoformat()


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _value(match: re.Match[str], now: datetime) -> str | None:
    if match["gap"]:
        return _gap(match, now)
    days = _calendar(match, now.date())
    clock = _clock(match)
    if days is None and (clock is None or any(match[g] for g in ("ymd", "md", "mon", "dom"))):
        return None
    if days is None and match["clock"] == "一点" and not match["part"]:
        return None  # "a bit" far more often than one o'clock
    first, last = days or (now.date(), now.date())
    if clock:
        return _minute(datetime.combine(first, clock, ZONE))
    if match["part"] and first == last:
        start, end = _PARTS[match["part"]]
        midnight = datetime.combine(first, time(), ZONE)
        return f"{_minute(midnight + timedelta(hours=start))}/{_minute(midnight + timedelta(hours=end))}"
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def dates(text: str, at: datetime) -> Iterator[Entity]:
    """A clock alone is today's; a part of the day alone (下午) names no date and is left out."""
    now = at.astimezone(ZONE)
    for match in _WHEN.finditer(text):
        if not match[0].strip("的 "):
            continue
        value = _value(match, now)
        if value:
            stripped = match[0].strip(" 的")
            start = match.start() + match[0].index(stripped)
            yield Entity(EntityKind.DATE, stripped, value, start, start + len(stripped))
