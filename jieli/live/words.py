"""The words by which customers speak of livestreams."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jieli.live.contracts import PromiseKind

ZONE = ZoneInfo("Asia/Shanghai")

LIVE = re.compile(
    r"直播间?|主播|口播|直播里|下播|开播|连麦|主持人|带货|讲解的?时候|小黄车|"
    r"livestream|live ?stream|the host|on (?:the )?live|live (?:show|session|room)",
    re.IGNORECASE,
)
SAID = re.compile(
    r"(?:不是|明明|你们|他|她|主播|直播)?(?:都|就)?(?:说|讲|承诺|答应|保证|喊|宣传)(?:过|了|好)?(?:的|是|会|要|可以|有)"
)
LINK = re.compile(
    r"(?<![\d年月/.-])(\d{1,3}|[一二三四五六七八九十]{1,3})\s*号?\s*(?:链接|连接|宝贝)|链接\s*(\d{1,3})(?!\d)"
)

KINDS: tuple[tuple[PromiseKind, re.Pattern[str]], ...] = (
    (
        PromiseKind.GIFT,
        re.compile(
            r"赠品|赠送|礼品|礼盒|小样|送的?东西|买一送|(?<!配|派|发|运|寄|护|快|输|递)送(?!货|达|到|上门|装|修|检|件|来|过来|医)|gift|freebie",
            re.IGNORECASE,
        ),
    ),
    (
        PromiseKind.PRICE,
        re.compile(
            r"保价|价保|补差|差价|降价|最低价|全网最低|贵了|便宜了?|直播价|优惠|返现|退差|price|discount|cheaper",
            re.IGNORECASE,
        ),
    ),
    (
        PromiseKind.SHIP_BY,
        re.compile(
            r"发货|发出|寄出|出库|发快递|小时内?发|当天发|什么时候发|送货|送达|ship|dispatch", re.IGNORECASE
        ),
    ),
    (PromiseKind.INSTALL, re.compile(r"安装|上门|师傅|包装机|免费装|install", re.IGNORECASE)),
    (
        PromiseKind.WARRANTY,
        re.compile(r"质保|保修|延保|[两三五十\d]年保|只换不修|以换代修|退换|无理由|warranty", re.IGNORECASE),
    ),
)

_WEEKDAYS = "一二三四五六日"
_DATE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*(?:月|[./-])\s*(3[01]|[12]\d|0?[1-9])\s*[日号]?(?!\d)")
_WEEKDAY = re.compile(r"(上)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_NOW = re.compile(
    r"刚才|刚刚|刚说|刚讲|现在(?:在)?(?:直播|讲|播)|正在(?:直播|讲|播)|这会儿?|just now|right now",
    re.IGNORECASE,
)
_DAYS: tuple[tuple[re.Pattern[str], int, tuple[int, int]], ...] = (
    (re.compile(r"大前天"), 3, (0, 28)),
    (re.compile(r"前天晚上|前晚"), 2, (17, 28)),
    (re.compile(r"前天"), 2, (0, 28)),
    (re.compile(r"昨天晚上|昨晚|昨夜|昨儿晚上|last night", re.IGNORECASE), 1, (17, 28)),
    (re.compile(r"昨天|昨日|昨儿|yesterday", re.IGNORECASE), 1, (0, 28)),
    (re.compile(r"今天晚上|今晚|tonight", re.IGNORECASE), 0, (17, 28)),
    (re.compile(r"今天早上|今早|今天上午"), 0, (4, 12)),
    (re.compile(r"今天|今日|today", re.IGNORECASE), 0, (0, 28)),
)


def is_now(text: str) -> str:
    """The words that say “just now”, or ""."""
    found = _NOW.search(text)
    return found[0] if found else ""


def span(text: str, at: datetime) -> tuple[str, datetime, datetime] | None:
    """The day or evening that the words name, as (words, from, to); evenings reach to 4 o'clock of the next day."""
    local = at.astimezone(ZONE)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for pattern, back, (start, end) in _DAYS:
        if found := pattern.search(text):
            day = midnight - timedelta(days=back)
            return found[0], day + timedelta(hours=start), day + timedelta(hours=end)
    if found := _WEEKDAY.search(text):
        return found[0], *_whole(midnight - timedelta(days=_days_since(found, local.weekday())))
    if found := _DATE.search(text):
        return _on_date(found, midnight)
    return None


def _days_since(found: re.Match[str], today: int) -> int:
    day = _WEEKDAYS.index(found[2].replace("天", "日"))
    if found[1]:  # 上周六: of the week before, weeks beginning on Monday
        return today - day + 7
    return (today - day) % 7


def _on_date(found: re.Match[str], midnight: datetime) -> tuple[str, datetime, datetime] | None:
    month, day = int(found[1]), int(found[2])
    for year in (midnight.year, midnight.year - 1):
        try:
            start = midnight.replace(year=year, month=month, day=day)
        except ValueError:
            continue
        if start <= midnight + timedelta(days=14):
            return found[0], *_whole(start)
    return None


def _whole(day: datetime) -> tuple[datetime, datetime]:
    return day, day + timedelta(hours=28)


def link_number(text: str) -> tuple[str, int] | None:
    """“3号链接”, “三号链接” or “链接3” as (words, 3)."""
    found = LINK.search(text)
    if not found:
        return None
    digits = found[1] or found[2]
    return found[0], int(digits) if digits.isascii() and digits.isdigit() else _han(digits)


def _han(digits: str) -> int:
    """一 to 九十九."""
    values = {one: number for number, one in enumerate("一二三四五六七八九", 1)}
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return values.get(ones[-1:], 0)
    return values.get(tens, 1) * 10 + values.get(ones, 0)


def kinds(text: str) -> list[tuple[PromiseKind, str]]:
    """The kinds of promise that the words name, with the words."""
    return [(kind, found[0]) for kind, pattern in KINDS if (found := pattern.search(text))]
