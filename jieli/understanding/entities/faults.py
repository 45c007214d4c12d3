"""Codes that appliances show when something is wrong, in capitals without separators (E1, F03, ER07)."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind

HINT = re.compile(r"[A-Za-z][-:：. ]{0,2}[0-9]|[显报代故错闪].{0,9}[A-Za-z0-9]", re.ASCII)
_CODE = re.compile(
    r"(?<![0-9A-Za-z\-/.&+])(?:(?P<sure>(?:ERROR|ERR|ER|EE|EH|E|F)[-:： .]{0,2}[0-9]{1,3})|(?P<maybe>[A-Z]{1,2}-?[0-9]{1,3}))"
    r"(?![0-9A-Za-z%°℃]|[-.][0-9A-Za-z]|\s?[赛型款码页卡号纸版座栋口楼区店灯电键档盘螺匹尺寸级米元块]|\s?单元|\s?接口|\s?系列)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:显示[屏器]?|屏幕|面板|报警?|报错|代码|故障码?|错误码?|出现|提示|闪烁?|跳出?|亮|error|code|fault|shows?|display\w*)[^。！？]{0,8}$",
    re.IGNORECASE,
)
_TOLD_AFTER = re.compile(
    r"\s?(?:的?报警|故障|错误|代码|是什么(?:意思|故障|问题)|报错|怎么(?:解决|消除|回事|办)|闪|亮|error|fault)"
)
_LETTERS = re.compile(
    r"(?:显示|报|提示|出现|代码|故障码?|错误码)(?:[:：是了着个一直“\"'\s]{0,4})(?P<no>OE|DE|UE|IE|LE|TE|PE|FE|CE|HE|AE|EE|FF|UB|CL|DHE)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:故障代?码|错误代?码|报错代?码|报警代码|error code)\s?(?:是|为|显示|[:：])?\s?(?P<no>[0-9]{1,4})(?![0-9A-Za-z个次天])",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[-:：. ]")
_OF_OTHERS = re.compile(r"(?:[PG][0-9]|MATE|IPHONE|型号|尺码|码数|穿|CPU|处理器|灯头)", re.IGNORECASE)
_REACH = 18


def faults(text: str) -> Iterator[Entity]:
    """E and F codes anywhere; other letters, and letters or digits alone, only beside a word of displays or errors."""
    for match in _CODE.finditer(text):
        if _meant(text, match):
            yield _entity(match, "sure" if match["sure"] else "maybe")
    for rule in (_LETTERS, _NUMBERED):
        for match in rule.finditer(text):
            yield _entity(match, "no")


def _meant(text: str, match: re.Match[str]) -> bool:
    told = _TOLD.search(text[max(0, match.start() - _REACH) : match.start()]) or _TOLD_AFTER.match(
        text, match.end()
    )
    return bool(told) or (match["sure"] is not None and not _OF_OTHERS.search(text))


def _entity(match: re.Match[str], group: str) -> Entity:
    value = _SEPARATORS.sub("", match[group].upper())
    return Entity(EntityKind.FAULT_CODE, match[group], value, *match.span(group))
