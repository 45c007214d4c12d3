"""Order numbers, and whether a long number is one or a parcel's."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities.carriers import carrier_of

_LONG = re.compile(
    r"(?<![0-9A-Za-z*])[A-Za-z]{0,6}-?(?:[0-9]{10,24}|[0-9]{2,8}(?:-[0-9A-Za-z]{2,12}){1,3})(?:-[0-9]{1,6})?(?![0-9A-Za-z*])"
)
_SHAPE = r"[A-Za-z0-9][A-Za-z0-9-]{5,27}"
_NAMED = re.compile(
    rf"(?:订单(?:编号|号码?)?|单号|order(?: no\.?| number| id)?)\s*(?:分别)?(?:是|为|[:：#])?\s*"
    rf"(?P<list>{_SHAPE}(?![0-9A-Za-z])(?:\s*[、,，和跟及与/;；\s]\s*{_SHAPE}(?![0-9A-Za-z])){{0,9}})",
    re.IGNORECASE,
)
_ONE = re.compile(_SHAPE)
_LABEL = re.compile(
    r"(?P<other>身份证|证件|卡号|银行卡|序列号|sn码?|imei|机身|条形?码|税号|识别号|微信|qq|vx|账号|兑换码|优惠码|券码|验证码|取件码)"
    r"|(?P<waybill>快递|运单|物流|包裹|回寄|寄回|退货单|tracking|waybill|parcel|顺丰|圆通|中通|申通|韵达|邮政|极兔|德邦|百世|安能|跨越)"
    r"|(?P<order>订单|order)",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 14, 8
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DATE = re.compile(r"20[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]")
_TAIL = re.compile(
    r"(?P<what>手机|电话|卡|快递|运单|包裹)?(?:单号|号)?(?:的)?(?:尾号|后[四4六6]位|末[四4六6]位|最后[四4六6]位|尾数)(?:数字?)?(?:是|为|[:：])?\s?(?P<no>[0-9]{4}(?:[0-9]{2})?)(?![0-9])"
    r"|(?<![0-9])(?P<no2>[0-9]{4}(?:[0-9]{2})?)(?:结尾|尾号)的?(?:那个|那单|这单|订单|单)"
)
_ONLY_TAIL = re.compile(r"\D{0,4}(?P<no>[0-9]{4}(?:[0-9]{2})?)\s*(?:吧|的|这个|那个|那单|这单)?[。.!！]?\s*")
_CITIZEN = tuple(pow(2, 17 - place, 11) for place in range(17))  # weights of GB 11643 check characters


def orders(text: str, expecting: str) -> Iterator[Entity]:
    """Long numbers that are no phone: a parcel's where the nearest word, or what was asked for, says so, else an order's."""
    for match in _NAMED.finditer(text):
        yield from _listed(text, match, expecting)
    for match in _LONG.finditer(text):
        number = match[0]
        if sum(map(str.isdigit, number)) >= 10 and not _MOBILE.fullmatch(number):
            yield from _judged(text, match.start(), match.end(), expecting)
    yield from _tails(text, expecting)


def _listed(text: str, match: re.Match[str], expecting: str) -> Iterator[Entity]:
    for one in _ONE.finditer(text, match.start("list"), match.end("list")):
        number = one[0].rstrip("-")
        if sum(map(str.isdigit, number)) >= 4 and not _MOBILE.fullmatch(number):
            yield from _judged(text, one.start(), one.start() + len(number), expecting, named=True)


def _judged(text: str, start: int, end: int, expecting: str, *, named: bool = False) -> Iterator[Entity]:
    found = text[start:end]
    number = found.upper()
    label = _label(text, start, end, expecting)
    if label == "other" or _DATE.fullmatch(number) or (label != "order" and citizen_number(number)):
        return
    carrier = carrier_of(number, text) if label == "waybill" else ""
    if carrier or (label == "waybill" and (expecting == EntityKind.TRACKING_NO or named)):
        yield Entity(EntityKind.TRACKING_NO, found, f"{carrier or 'UNKNOWN'}:{number}", start, end)
    else:
        yield Entity(EntityKind.ORDER_NO, found, number, start, end)


def _label(text: str, start: int, end: int, expecting: str) -> str:
    """What the words around a number say it is: the nearest before it, else after it, else what was asked for,
    else whatever the whole text speaks of."""
    before = [m.lastgroup for m in _LABEL.finditer(text, max(0, start - _BEFORE), start)]
    if before:
        return before[-1] or ""
    after = _LABEL.search(text, end, end + _AFTER)
    if after:
        return after.lastgroup or ""
    if expecting in (EntityKind.ORDER_NO, EntityKind.TRACKING_NO):
        return "order" if expecting == EntityKind.ORDER_NO else "waybill"
    spoken = {m.lastgroup for m in _LABEL.finditer(text)} - {"other"}
    return "waybill" if spoken == {"waybill"} else ""


def _tails(text: str, expecting: str) -> Iterator[Entity]:
    """The last digits of an order's number, as *8846."""
    for match in _TAIL.finditer(text):
        group = "no" if match["no"] else "no2"
        if not match["what"] and (expecting == EntityKind.ORDER_NO or "单" in text or "尾号" in match[0]):
            start, end = match.span(group)
            yield Entity(EntityKind.ORDER_NO, match[group], f"*{match[group]}", start, end)
    alone = _ONLY_TAIL.fullmatch(text) if expecting == EntityKind.ORDER_NO else None
    if alone:
        yield Entity(EntityKind.ORDER_NO, alone["no"], f"*{alone['no']}", alone.start("no"), alone.end("no"))


def citizen_number(number: str) -> bool:
    """Whether the eighteen characters are a citizen's identity number: a birth date and a right check character (GB 11643)."""
    if len(number) != 18 or not number[:17].isdigit() or number[6:8] not in ("19", "20"):
        return False
    if not ("01" <= number[10:12] <= "12" and "01" <= number[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _CITIZEN, strict=False))
    return "10X98765432"[total % 11] == number[17]
