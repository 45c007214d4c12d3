"""Amounts of money: a decimal in yuan, or an interval a/b with either end open; other currencies carry their code (USD:50)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities.numerals import number

HINT = re.compile(
    r"[¥￥$元块毛刀]|[角分]钱|rmb|yuan|cny|usd|大洋|人民币|美[元金]|预算|价|[付花退降涨卖]|差[了额]|[一总]共|便宜|[0-9百千万]以[内下上]",
    re.IGNORECASE,
)
_C = "零〇一二两俩三四五六七八九十百千万"
_NO = rf"(?:[二三四五六七八九]?十几|几[十百千万]|[0-9]{{1,9}}(?:,[0-9]{{3}}){{0,3}}(?:\.[0-9]{{1,2}})?[万千百kw]?|[{_C}]{{1,12}})"
_UNIT = r"元|块|圆|大洋|人民币|rmb|yuan|cny|美元|美金|刀|usd|港币|港元"
_NOT_MONEY = r"(?![0-9一二三四五六七八九.,:：%％‰℃°/\-]|[个罐种单下样件天小分秒号次月日年周点米厘毫公斤克升条套台双瓶盒支包袋片张只匹寸度岁楼层单元室折码楼级期倍位人口颗粒年w]|kg|cm|mm|ml|g|l|w|m)"
_FROM = rf"(?:(?P<low>{_NO})(?:元|块)?\s?(?:到|至|-|~|—|～)\s?)?"
_BOUND = r"(?P<bound>(?:钱)?(?:以内|以下|之内|以上|起步|往上|左右|上下)?)"
_SIGNED = re.compile(rf"[¥￥$]\s?{_FROM}[¥￥]?(?P<no>{_NO})(?P<more>多)?(?:元|块钱?)?{_BOUND}", re.IGNORECASE)
_UNITED = re.compile(
    rf"(?<![0-9{_C}几.,a-z\-])(?P<not>不超过|不到|低于|最多)?{_FROM}(?P<no>{_NO})(?P<more>多|来)?(?:个)?(?P<unit>{_UNIT})(?!钱包)"
    rf"(?P<tail>[0-9](?![0-9.])|[一二三四五六七八九](?=毛|角|$|[^一-龥]|钱))?[毛角]?(?:钱)?{_BOUND}",
    re.IGNORECASE,
)
_SMALL = re.compile(
    rf"(?<![0-9{_C}块元.])(?P<no>[0-9]{{1,2}}|[一二两三四五六七八九])(?P<unit>毛(?!巾|衣|毯|病|刷|球|笔|孩|线|呢|绒|孔)|角钱|分钱)钱?"
)
_LED = re.compile(
    r"(?:预算|[一总]共|差价|价格|价位|价钱|原价|现价|券后价?|到手价?|实付款?|付款|付了|花了|退款?了?我?|退给我|降到|降了|降价|涨到|涨了|涨价|卖|便宜了?|差了|差额)(?:是|才|大概|大约|要|只要|就|在|了|我|还|：|:|\s){0,3}"
    rf"(?=[^0-9一二三四五六七八九]{{0,4}}(?:[0-9]{{2}}|[0-9]\.|[{_C}几]{{0,8}}[十百千万]))(?P<not>不超过|不到|低于|最多)?{_FROM}(?P<no>{_NO})(?P<more>多|来)?{_BOUND}{_NOT_MONEY}",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    rf"(?<![0-9{_C}几.,a-z第\-])(?P<no>[0-9]{{3,6}}|[{_C}]*[百千万][{_C}]*)(?P<bound>以内|以下|以上)(?P<low>)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\s*(?P<no>{_NO})\s*[。.!！]?\s*", re.IGNORECASE)
_SCALE = {"百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000}
_FOREIGN = {"美": "USD:", "刀": "USD:", "u": "USD:", "$": "USD:", "港": "HKD:"}
_PAIR = re.compile(r"([一二两三四五六七八])([二三四五六七八九])(十|百|千|万|$)")  # 三五百, 七八十
_ABOUT = re.compile(r"([百千万])儿?([一二三四五六七八九])([十百千])")  # 百八十, 千儿八百


def amounts(text: str, expecting: str = "") -> Iterator[Entity]:
    """Numbers with a unit or a sign anywhere; bare ones after a word of prices, or where an amount was asked for."""
    for rule in (_SIGNED, _UNITED, _SMALL, _LED, _LIMIT):
        for match in rule.finditer(text):
            value = _value(match)
            if value:
                yield _entity(match, value)
    alone = _ALONE.fullmatch(text) if expecting == EntityKind.AMOUNT else None
    if alone and (worth := _span(alone["no"])):
        yield Entity(EntityKind.AMOUNT, alone["no"], _written(*worth), alone.start("no"), alone.end("no"))


def _entity(match: re.Match[str], value: str) -> Entity:
    """A leading word of prices is no part of the amount."""
    named = match.re.groupindex
    inner = "not" if "not" in named and match["not"] else "low" if "low" in named and match["low"] else "no"
    start = match.start() if match[0][0] in "¥￥$" else match.start(inner)
    found = match.string[start : match.end()].rstrip()
    return Entity(EntityKind.AMOUNT, found, value, start, start + len(found))


def _value(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    span = _span(match["no"])
    unit = (parts.get("unit") or match[0][0]).lower()
    if span is None or (unit == "块" and match["no"] in ("一", "几")):  # 一块 is "together" or one piece
        return None
    low, high = span
    if unit[0] in "毛角分":
        low = high = low / (100 if unit[0] == "分" else 10)
    if tail := number(parts.get("tail") or "0"):
        low = high = low + tail / 10
    if parts.get("more") == "多":
        high = low + _step(low)
    if parts.get("low"):
        first = _span(_same_scale(parts["low"], match["no"]))
        low, high = sorted((first[0] if first else low, high))
    return _FOREIGN.get(unit[0], "") + _bounded(low, high, parts)


def _bounded(low: Decimal, high: Decimal, parts: dict[str, str | None]) -> str:
    bound = parts.get("bound") or ""
    if parts.get("not") or bound.endswith(("内", "以下")):
        return "/" + _plain(high)
    if bound.endswith(("以上", "起步", "往上")):
        return _plain(low) + "/"
    return _written(low, high)


def _span(text: str) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest that the number may mean: 三五百 is 300 to 500, 百八十 is 80 to 100, 几百 is 100 to 1000."""
    text = text.replace(",", "").lower()
    if text.endswith("十几"):
        least = number(text[:-1]) or Decimal(10)
        return least, least + 10
    if text[0] == "几":
        return Decimal(_SCALE.get(text[1], 10)), Decimal(_SCALE.get(text[1], 10) * 10)
    if about := _ABOUT.fullmatch(text):
        high, low = number("一" + about[1]), number(about[2] + about[3])
        return (low, high) if low and high and low < high else None
    pair = _PAIR.fullmatch(text)
    if pair and pair[3] and int(number(pair[1]) or 0) < int(number(pair[2]) or 0):
        return number(pair[1] + pair[3]) or Decimal(), number(pair[2] + pair[3]) or Decimal()
    worth = _worth(text)
    return None if worth is None else (worth, worth)


def _worth(text: str) -> Decimal | None:
    if text in _SCALE or text in ("十", "两", "俩", "零"):
        return {"十": Decimal(10), "百": Decimal(100), "两": Decimal(2)}.get(text)
    scale = _SCALE.get(text[-1], 1) if text[0].isascii() else 1
    worth = number(text[:-1] if scale > 1 else text)
    return None if worth is None else worth * scale


def _same_scale(low: str, high: str) -> str:
    """In 一到两百 and 1-2万 the first number takes the second one's unit."""
    last = high[-1].lower()
    bare = len(low) == 1 and low not in "十百千万"
    return low + high[-1] if bare and last in _SCALE else low


def _step(low: Decimal) -> Decimal:
    """How much more 多 may be: as much as the last digit that is not zero counts (300多 is up to 400)."""
    step = Decimal(1)
    while low and low % (step * 10) == 0:
        step *= 10
    return step


def _written(low: Decimal, high: Decimal) -> str:
    return _plain(low) if low == high else f"{_plain(low)}/{_plain(high)}"


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
