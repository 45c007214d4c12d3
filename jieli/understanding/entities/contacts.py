"""Phones, e-mails and addresses."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind

_MOBILE = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[- ]?|0086[- ]?)?(?P<no>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![\dA-Za-z])"
)
_MASKED = re.compile(r"(?<!\d)(?P<no>1[3-9]\d(?:[*xX×]{4}\d{4}|[*xX×]{3,6}\d{2,4}))(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\d-])(?:(?P<area>0(?:10|2\d|[3-9]\d{2}))[- ]?(?P<no>[2-8]\d{6,7})|(?P<service>[48]00[- ]?\d{3}[- ]?\d{4}))(?!\d)"
)
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PLACE = r"[\u4e00-\u9fff]"
_ADDRESS = re.compile(
    rf"(?:{_PLACE}{{2,4}}(?:省|自治区)|{_PLACE}{{2}}(?=市))?(?:{_PLACE}{{2,5}}?市)?(?:{_PLACE}{{1,5}}?(?:区|县|旗))?"
    rf"(?:{_PLACE}{{1,6}}?(?:街道|镇|乡|村))?(?:[\u4e00-\u9fff\dA-Za-z]{{1,10}}?(?:路|街|大道|巷|弄|胡同|小区|花园|公寓|大厦|广场|苑|府|城|园|里))?"
    r"(?:[\dA-Za-z一二三四五六七八九十百]{1,5}(?:号楼?|弄|栋|幢|座))*(?:[\d一二三四五六七八九十]{1,3}(?:单元|期|层|楼))*(?:[\dA-Za-z]{2,5}(?:室|房)?)?"
)
_LEVELS = re.compile(
    r"省|自治区|市|区|县|旗|街道|镇|乡|村|路|街|大道|巷|弄|胡同|小区|花园|公寓|大厦|广场|苑|\d号|号楼|栋|幢|单元|\d室"
)
_LEADING = re.compile(
    r"^(?:.*?(?:地址|寄到|送到|发到|改成|改到|改为|换成|住在|家住|收货地|我在|位于|是|在|到|为))+[:\uff1a]?\s*"
)
ADDRESS_HINT = re.compile(r"[省市区县镇乡村路街巷弄苑栋幢]|小区|花园|公寓|大厦|广场|单元")


def phones(text: str) -> Iterator[Entity]:
    """Masked numbers keep their stars: they name a phone without being one."""
    for match in _MOBILE.finditer(text):
        yield Entity(EntityKind.PHONE, match[0], re.sub(r"\D", "", match["no"]), match.start(), match.end())
    for match in _MASKED.finditer(text):
        yield Entity(
            EntityKind.PHONE, match[0], re.sub(r"[xX×]", "*", match["no"]), match.start(), match.end()
        )
    for match in _LANDLINE.finditer(text):
        value = f"{match['area']}-{match['no']}" if match["area"] else re.sub(r"\D", "", match["service"])
        yield Entity(EntityKind.PHONE, match[0], value, match.start(), match.end())


def emails(text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        yield Entity(EntityKind.EMAIL, match[0], match[0].lower(), match.start(), match.end())


def addresses(text: str) -> Iterator[Entity]:
    """A stretch that names at least three levels of a Chinese address (市 + 区 + 路, 路 + 号 + 室 …)."""
    for match in _ADDRESS.finditer(text):
        lead = _LEADING.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        found = text[start : match.end()]
        if len(_LEVELS.findall(found)) >= 3:
            yield Entity(EntityKind.ADDRESS, found, found.strip(), start, match.end())
