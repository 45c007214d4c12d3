"""Addresses: the division they lie in, and the rest of them as it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from jieli.understanding.contracts import Entity, EntityKind
from jieli.understanding.entities import divisions

HINT = re.compile(
    r"[省市区县镇乡村路街巷弄苑栋幢旗盟]|小区|花园|公寓|大厦|广场|单元|大道|胡同|[0-9]号|地址|我[在住]|[寄送发]到"
    r"|北京|天津|上海|重庆|[河湖][南北]|山[东西]|[江广陕]西|江苏|浙江|安徽|福建|[广海][东南]|四川|贵州|云南|甘肃|青海|辽宁|吉林|黑龙|内蒙|宁夏|新疆|西藏|香港|澳门|台湾"
)
_STOP = "吗呢吧啊么的了能送寄请帮您你我想怎嘛呀没给这那哪收件买"
_UNIT = (
    rf"(?:(?![{_STOP}])[0-9A-Za-z一-鿿·]){{1,12}}?(?:街道|地区|开发区|高新区|工业园区?|园区|新区|镇|乡|村|社区|大道|大街|路|街|道|巷|弄|胡同|里弄|小区|花园|家园|嘉园|公寓|大厦|广场|中心|新村|苑|府|城|庭|湾|"
    r"号院|号楼|号|栋|幢|座|单元|层|楼|室|房|户|组|队|期|校区|大学|学院|中学|小学|医院|学校|公司|驿站|超市|门口|仓库|宿舍|酒店)"
)
_STRONG = re.compile(
    r"街道|镇|乡|村|大道|路|街|巷|弄|胡同|小区|花园|家园|嘉园|公寓|大厦|广场|苑|府|园区|[0-9一二三四五六七八九十]号|栋|幢|单元|大学|学院|医院|社区|新村"
)
_LEVELS = re.compile(
    r"街道|镇|乡|村|大道|路|街|巷|弄|胡同|小区|花园|家园|嘉园|公寓|大厦|广场|苑|府|号|栋|幢|座|单元|楼|层|室|[0-9]-[0-9]"
)
_DETAIL = re.compile(
    rf"[ ,，、]?(?:{_UNIT}[ ,，、()（）]?(?![ ,，、()（）])){{1,10}}(?:(?:[A-Za-z]?[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{0,3}}[A-Za-z]?(?:室|房|户)?)(?![0-9A-Za-z\-块元]))?"
)
_ANCHOR = re.compile(
    r"(?:路|街|大道|巷|弄|胡同|小区|花园|家园|公寓|大厦|新村|苑|府)\s?[0-9一二三四五六七八九十百]{1,5}\s?(?:号|弄|栋|幢|座|期|单元|楼|室|-[0-9])"
)
_CHAIN = 5  # province, city, district, and a name said twice
_HEADS = 20  # places that are tried
_BACK = 10  # characters of a road's name at most
_LED = re.compile(
    r"(?:地址[是为:：]?|寄[到往给]|送[到往]|发[到往]|改[成到为]|换[成到]|住在?|[我在]在|位于|收货地[是为:：]?|这边是?|搬到)[ :：]?$"
)
_ROAD_AFTER = re.compile(
    r"[东西南北中]{0,2}(?:路|街|大道|大街|巷|大?桥(?![东西北南区])|站|大学|学院|医院|机场|菜|人(?!民)|话|大厦|广场|银行|小吃|小区|社区|花园|家园|新村|公寓|苑|府)"
)
_GAP = re.compile(r"[ ,，、/\-·]{0,2}(?:市辖区)?")
_TRIM = re.compile(r"^.*(?:地址|[寄送发改搬换][到成往为给]|住在|[住在到是为])[:：]?")


@dataclass(frozen=True, slots=True)
class _Head:
    """The divisions named at the beginning of an address: where they begin and end, the code they come to, how many are
    named, and how deep the last one is (-1 for none)."""

    start: int
    end: int
    code: str
    named: int
    depth: int


def addresses(text: str, expecting: str) -> Iterator[Entity]:
    """Two levels of divisions, or one and a street, or a street with two more levels; one is enough where an address was
    asked for, or after words such as 寄到. The value is code|division|rest, each of which may be empty but not all."""
    at = 0
    asked = expecting == EntityKind.ADDRESS
    for head in islice(_heads(text), _HEADS):
        if head.start < at:
            continue
        detail = _DETAIL.match(text, head.end)
        end = detail.end() if detail else head.end
        if _enough(text, head, text[head.end : end], asked=asked):
            at = end
            yield _entity(text, head.start, end, head)
    if at == 0:
        yield from _streets(text, asked=asked)


def _enough(text: str, head: _Head, detail: str, *, asked: bool) -> bool:
    led = asked or bool(_LED.search(text[max(0, head.start - 6) : head.start]))
    strong = bool(_STRONG.search(detail))
    if not head.code:
        return strong and (led or len(_LEVELS.findall(detail)) >= 2)
    return strong or head.named >= 2 or (led and (asked or head.depth == 2))


def _entity(text: str, start: int, end: int, head: _Head) -> Entity:
    found = text[start:end].rstrip(" ,，、(（")
    path = divisions.table().path(head.code) if head.code else ""
    rest = found[head.end - start :].strip(" ,，、-") if head.code else found.strip()
    return Entity(EntityKind.ADDRESS, found, f"{head.code}|{path}|{rest}", start, start + len(found))


def _heads(text: str) -> Iterator[_Head]:
    starts, at, last = divisions.table().starts, 0, len(text) - 1
    while at < last:
        head = _head(text, at) if text[at : at + 2] in starts else None
        if head:
            yield head
            at = max(head.end, at + 1)
        else:
            at += 1


def _head(text: str, start: int) -> _Head | None:
    """The chain of divisions that begins here, as far as each lies in the one before."""
    word = _word(text, start, first=True)
    if not word:
        return None
    table = divisions.table()
    codes, end, named, sure = table.words[word], start + len(word), 1, (start, "", -1)
    for _ in range(_CHAIN):
        code = _settled(codes, word)
        if code:
            sure = (end, code, divisions.level(code))
        gap = _GAP.match(text, end)
        following = _word(text, gap.end() if gap else end, first=False)
        if not following:
            break
        inner = tuple(c for c in table.words[following] if any(divisions.within(c, outer) for outer in codes))
        if not inner and not (again := [c for c in codes if c in table.words[following]]):
            break
        codes, named = (inner, named + 1) if inner else (tuple(again), named)
        word, end = following, (gap.end() if gap else end) + len(following)
    return _Head(start, sure[0], sure[1], named, sure[2])


def _settled(codes: tuple[str, ...], word: str) -> str:
    """The one division meant; of several the highest if it stands alone there; empty if it cannot be told."""
    top = min(map(divisions.level, codes))
    highest = [code for code in codes if divisions.level(code) == top]
    return highest[0] if len(highest) == 1 and (len(codes) == 1 or top < 2) else ""


def _word(text: str, start: int, *, first: bool) -> str:
    """The longest division's name here. At the beginning a district needs its 区 or 县; names of roads are none."""
    table = divisions.table()
    for word in table.starts.get(text[start : start + 2], ()):
        if text.startswith(word, start) and _stands(text, start + len(word), word, table, first=first):
            return word
    return ""


def _stands(text: str, end: int, word: str, table: divisions.Divisions, *, first: bool) -> bool:
    if word in table.full and (len(word) > 2 or not first):
        return True
    if first and (
        (len(word) <= 2 and word in table.full) or min(map(divisions.level, table.words[word])) == 2
    ):
        return False
    return not _ROAD_AFTER.match(text, end)


def _streets(text: str, *, asked: bool) -> Iterator[Entity]:
    """Addresses that name no division: 文三路100号3栋501."""
    at = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < at:
            continue
        start = _begin(text, max(at, anchor.start() - _BACK), anchor.start())
        detail = _DETAIL.match(text, start)
        if detail and detail.end() >= anchor.end() - 1:
            head = _Head(start, start, "", 0, -1)
            if _enough_levels(text, start, detail[0], asked=asked):
                at = detail.end()
                yield _entity(text, start, at, head)


def _enough_levels(text: str, start: int, detail: str, *, asked: bool) -> bool:
    led = asked or bool(_LED.search(text[max(0, start - 6) : start]))
    return len(_LEVELS.findall(detail)) >= (2 if led else 3)


def _begin(text: str, earliest: int, anchor: int) -> int:
    """Where the road's name begins: behind the last character that no name has, and behind words such as 寄到."""
    start = anchor
    while start > earliest and (text[start - 1].isalnum() and text[start - 1] not in _STOP):
        start -= 1
    lead = _TRIM.match(text[start:anchor])
    return start + lead.end() if lead else start
