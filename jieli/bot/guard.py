"""What a model may say: only what its sources hold (law 4)."""

import re
import unicodedata
from collections.abc import Iterable

_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
_SPELLED = re.compile(
    r"[一二两三四五六七八九十百千万半几]+(?=\s*(?:天|日|小时|分钟|个?月|年|周|元|块|折|倍|次|点|号|件|%))"
)
_DAY = re.compile(
    r"今[天日晚早]|明[天日晚早]|[后昨前]天|[本下上]周|[本下上]个?月|周[一二三四五六日末]|星期[一二三四五六日天]|月[底初]"
    r"|\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next week|this week)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[「“《\"『]([^」”》\"』]{1,80})[」”》\"』]")
_TITLED = re.compile(r"[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|师傅|经理|主管|老师)")
_CODE = re.compile(r"(?<![A-Za-z])[A-Za-z]*\d[A-Za-z0-9-]*|(?<![A-Za-z])[A-Z]{2,}[A-Z0-9-]*")
_LATIN = re.compile(r"[A-Za-z][A-Za-z-]+")
_NAMED = re.compile(r"(?<![.!?:]\s)(?<!^)(?<=\s)[A-Z][a-z]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def ungrounded(text: str, grounds: Iterable[str]) -> tuple[str, ...]:
    """The numbers, times, codes, names, quotations and links of a text that none of its sources holds."""
    said, known = _folded(text), _folded("\n".join(grounds))
    numbers = set(_NUMBER.findall(known))
    strange = [number for number in _NUMBER.findall(said) if number not in numbers]
    held = known.casefold()
    for pattern in (_SPELLED, _DAY, _QUOTED, _TITLED, _CODE, _LINK, *_latin(said)):
        strange += [found for found in pattern.findall(said) if found.casefold() not in held]
    return tuple(dict.fromkeys(strange))


def _latin(said: str) -> tuple[re.Pattern[str], ...]:
    """Within Chinese every Latin word is a name; within English those written large in the middle of a sentence."""
    return (_LATIN,) if _HAN.search(said) else (_NAMED,)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
