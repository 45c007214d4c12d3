"""Phones and e-mail addresses."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind

_EXTENSION = (
    r"(?:\s?(?:转接?|分机号?|ext\.?|#)\s?[:：]?(?P<ext>[0-9]{1,6})|-(?P<dashed>[0-9]{1,4}))?(?![0-9])"
)
_MOBILE = re.compile(
    r"(?:(?<![0-9A-Za-z*+.\-])|(?<=tel)|(?<=phone)|(?<=手机-))(?:\(?\+?86\)?[- ]?|0086[- ]?)?"
    r"(?P<no>1[3-9][0-9](?:[-. ]?[0-9]{4}[-. ]?[0-9]{4}|[- ][0-9]{3}[- ][0-9]{5}))"
    + _EXTENSION
    + r"(?![A-Za-z])",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"(?<![0-9])(?P<head>1[3-9][0-9])(?P<stars>\s?(?:[*xX×•]{3,6}|\.{4,6}|…{1,2})\s?)(?P<tail>[0-9]{2,4})(?![0-9])"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.\-*])(?:\(?(?P<area>0(?:10|2[0-9]|[3-9][0-9]{2}))\)?[-— ]?(?P<no>[2-8][0-9]{2,3}[- ]?[0-9]{4})"
    r"|(?P<service>[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|[48]00[0-9][- ][0-9]{3}[- ][0-9]{3}|[48]00[- ][0-9]{4}[- ][0-9]{3}|950[0-9]{2}[- ]?[0-9]{5,11}))"
    + _EXTENSION
)
_LOCAL = re.compile(
    r"(?:座机|固话|固定电话|电话)(?:号码?)?(?:是|为|[:：])?\s?(?P<no>[2-8][0-9]{6,7})" + _EXTENSION
)
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,24}){1,4}")


def phones(text: str) -> Iterator[Entity]:
    """Masked numbers keep their stars: they name a phone without being one. An extension follows after a dash."""
    for match in _MOBILE.finditer(text):
        yield _entity(match, _digits(match["no"]))
    for match in _LANDLINE.finditer(text):
        yield _entity(
            match, f"{match['area']}-{_digits(match['no'])}" if match["area"] else _digits(match["service"])
        )
    for match in _MASKED.finditer(text):
        stars = "*" * (11 - 3 - len(match["tail"]))
        yield Entity(
            EntityKind.PHONE, match[0], match["head"] + stars + match["tail"], match.start(), match.end()
        )
    for match in _LOCAL.finditer(text):
        yield _entity(match, match["no"], match.start("no"))


def _entity(match: re.Match[str], number: str, start: int = -1) -> Entity:
    extension = match["ext"] or match["dashed"]
    begin = match.start() if start < 0 else start
    value = f"{number}-{extension}" if extension else number
    return Entity(EntityKind.PHONE, match.string[begin : match.end()], value, begin, match.end())


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def emails(text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        yield Entity(EntityKind.EMAIL, match[0], match[0].lower(), match.start(), match.end())
