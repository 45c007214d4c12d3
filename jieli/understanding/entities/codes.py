"""Order numbers, tracking numbers per carrier, and the fault codes of appliances."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind

# Carrier → how its waybill numbers look. Prefixed forms are certain; bare digits need a word that says "waybill".
CARRIERS: dict[str, str] = {
    "SF": r"SF\d{12,15}",
    "YTO": r"YT\d{13,15}",
    "JD": r"JD(?:[A-Z]{1,3})?\d{10,14}(?:-\d-\d-)?",
    "ZTO": r"ZTO\d{10,14}",
    "STO": r"STO\d{10,15}",
    "YUNDA": r"(?:YD|YUNDA)\d{12,15}",
    "JT": r"JT\d{13,15}",
    "DEPPON": r"(?:DPK|DPL|DPP|DB)\d{9,14}",
    "EMS": r"(?:[A-Z]{2}\d{9}CN|EMS\d{9,13})",
    "CNPL": r"CN(?:P|PL)?\d{10,14}",
    "DEBANG56": r"AN[EW]\d{10,13}",
    "KYE": r"KY\d{12,14}",
}
_BARE: dict[str, str] = {
    "ZTO": r"7[3-9]\d{12}",
    "STO": r"77\d{13}",
    "YUNDA": r"(?:31|43|46)\d{13}",
    "EMS": r"1[0-3]\d{11}",
}
_TRACKING = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    + "|".join(f"(?P<{name}>{form})" for name, form in CARRIERS.items())
    + r")(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_WAYBILL = re.compile(
    r"运单|快递|物流|单号查|包裹|顺丰|圆通|中通|申通|韵达|邮政|极兔|tracking|waybill|parcel", re.IGNORECASE
)
_LONG = re.compile(r"(?<![0-9A-Za-z*])[A-Za-z]{0,6}\d{10,24}(?:-\d{1,6})?(?![0-9A-Za-z*])")
_NAMED = re.compile(
    r"(?:订单(?:号|编号)?|单号|order(?: no\.?| number| id)?)\s*(?:是|为|[:\uff1a#])?\s*(?P<no>[A-Za-z0-9][A-Za-z0-9-]{5,27})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FAULT = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<sure>(?:E|F|ER|ERR|EE|FF|EH|FH|H|U)-?\d{1,3})|(?P<maybe>[A-Z]{1,2}-?\d{1,3}))(?![0-9A-Za-z%])",
    re.IGNORECASE,
)
_FAULT_WORDS = re.compile(r"显示|报|代码|故障|错误|出现|提示|闪|跳|亮|error|code|fault|shows", re.IGNORECASE)
_NOT_FAULTS = re.compile(r"(?:[PG]\d|MATE|IPHONE|型号|尺码|码数)", re.IGNORECASE)


def tracking(text: str) -> Iterator[Entity]:
    for match in _TRACKING.finditer(text):
        carrier = match.lastgroup or ""
        yield Entity(
            EntityKind.TRACKING_NO, match[0], f"{carrier}:{match[0].upper()}", match.start(), match.end()
        )


def orders(text: str, expecting: str) -> Iterator[Entity]:
    """Long numbers that are no phone. With words of a waybill, bare numbers of a carrier's form are tracking numbers."""
    waybill = expecting == EntityKind.TRACKING_NO or ("订单" not in text and bool(_WAYBILL.search(text)))
    for match in _LONG.finditer(text):
        digits = match[0]
        if _MOBILE.fullmatch(digits):
            continue
        carrier = next((name for name, form in _BARE.items() if re.fullmatch(form, digits)), "")
        if waybill and carrier:
            yield Entity(EntityKind.TRACKING_NO, digits, f"{carrier}:{digits}", match.start(), match.end())
        elif waybill and expecting == EntityKind.TRACKING_NO:
            yield Entity(
                EntityKind.TRACKING_NO, digits, f"UNKNOWN:{digits.upper()}", match.start(), match.end()
            )
        else:
            yield Entity(EntityKind.ORDER_NO, digits, digits.upper(), match.start(), match.end())
    for match in _NAMED.finditer(text):
        number = match["no"].rstrip("-")
        if any(c.isdigit() for c in number) and not _MOBILE.fullmatch(number):
            yield Entity(
                EntityKind.ORDER_NO,
                number,
                number.upper(),
                match.start("no"),
                match.start("no") + len(number),
            )


def faults(text: str) -> Iterator[Entity]:
    """E, F, H and U codes anywhere; other letters only where the message speaks of a display or an error."""
    told = bool(_FAULT_WORDS.search(text))
    for match in _FAULT.finditer(text):
        if match["maybe"] and not told:
            continue
        if not told and _NOT_FAULTS.search(text):
            continue
        yield Entity(
            EntityKind.FAULT_CODE, match[0], match[0].upper().replace("-", ""), match.start(), match.end()
        )
