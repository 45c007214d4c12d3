"""China's provinces, cities and districts: names as people shorten them, and their codes (GB/T 2260)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("divisions.tsv")
_SUFFIX = re.compile(
    r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|(?:[一-龥]{1,5}族|蒙古|哈萨克|柯尔克孜)*自治[州县旗]|省|市|地区|盟|林区|新区|区|县|旗)$"
)
_PEOPLES = re.compile(
    r"(?:土家|布依|苗|侗|藏|彝|傣|景颇|傈僳|哈尼|壮|朝鲜|羌|回|白|瑶|满|达斡尔|畲|黎|仡佬|东乡|保安|撒拉|纳西|拉祜|佤|布朗|独龙|怒|普米|各|锡伯|塔吉克|土|裕固)族.*$|蒙古.*$|哈萨克.*$|柯尔克孜.*$"
)
_SHORT = {
    "内蒙": "150000",
    "新疆建设兵团": "650000",
    "香港": "810000",
    "澳门": "820000",
    "浦东": "310115",
    "恩施州": "422800",
    "魔都": "310000",
    "帝都": "110000",
}


@dataclass(frozen=True, slots=True)
class Divisions:
    """`names` is code → name, `words` word → codes it may mean; `starts` has the words by their first two characters,
    longest first; `full` are the words with 省, 市, 区 … at their end."""

    names: dict[str, str]
    words: dict[str, tuple[str, ...]]
    starts: dict[str, tuple[str, ...]]
    full: frozenset[str]
    paths: dict[str, str] = field(default_factory=dict)

    def path(self, code: str) -> str:
        """The whole name: 浙江省杭州市西湖区; a municipality is named once."""
        if code not in self.paths:
            codes = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
            self.paths[code] = "".join(self.names.get(one, "") for one in codes)
        return self.paths[code]


@cache
def table() -> Divisions:
    """Read once, at the first address."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    names = dict(line.split("\t") for line in lines if not line.startswith("#"))
    words: dict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        words[name].append(code)
        short = shortened(name)
        if short != name and len(short) >= 2:
            words[short].append(code)
    for short, code in _SHORT.items():
        words[short].append(code)
    starts: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        starts[word[:2]].append(word)
    return Divisions(
        names,
        {w: tuple(dict.fromkeys(c)) for w, c in words.items()},
        {k: tuple(v) for k, v in starts.items()},
        frozenset(names.values()),
    )


def shortened(name: str) -> str:
    """广西壮族自治区 → 广西, 恩施土家族苗族自治州 → 恩施, 杭州市 → 杭州; the name itself where nothing is left to call it by."""
    if "自治" in name and len(stem := _PEOPLES.sub("", name)) >= 2:
        return stem
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def level(code: str) -> int:
    """0 for a province, 1 for a city, 2 for a district (and for a county right under a province)."""
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def within(code: str, outer: str) -> bool:
    return code != outer and code.startswith(outer[: (2, 4, 6)[level(outer)]])
