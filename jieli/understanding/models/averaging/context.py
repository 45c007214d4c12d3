"""What stands around a message: the lines before it, what was asked, how the message is built."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.contracts import EntityKind, Turn
from jieli.understanding.emotion import marks
from jieli.understanding.models.averaging.network import Floats
from jieli.understanding.models.averaging.normalise import MASKS, normalise
from jieli.understanding.models.port import LABELS

# What the other side's last line was doing; each is one feature, and one more where the answer is short.
ACTS: dict[str, re.Pattern[str]] = {
    "asks_info": re.compile(
        r"(?:提供|告诉|告知|发送?|报|说)(?:我|一下|下|给我|您的|这边|过来|个){0,3}.{0,8}(?:订单|单号|号码|电话|手机|地址|姓名|截图|图片|照片|链接|信息|抬头|税号|型号|编号)"
        r"|(?:哪个|什么|哪款|哪一个)(?:订单|商品|产品|型号|地址|手机)|(?:订单号?|单号|电话|地址|手机号|姓名|型号)(?:是多少|是什么|呢|发一?下|有吗)|请输入|拍(?:个|张|一张)?(?:照|图)"
    ),
    "asks_confirm": re.compile(
        r"(?:对吗|是吗|可以吗|好吗|行吗|吗亲|对么|是么|可以么|好么|是不是|是否|可否|需要.{0,12}吗|要.{0,8}吗|核对|确认一?下)|吗\s*[?\uff1f~]*$"
    ),
    "asks_open": re.compile(
        r"(?:什么问题|怎么了|什么情况|哪里|什么原因|为什么|如何|哪方面|哪些|多少|什么时候|几点)"
    ),
    "offers_close": re.compile(
        r"还有(?:什么|其他|其它|别的).{0,16}(?:帮|吗|呢)|(?:评价|好评|五星|满意)|祝您|感谢您?的?(?:支持|咨询|理解|光临)|再见|生活愉快"
    ),
    "opens": re.compile(
        r"(?:欢迎|很高兴为|有什么(?:问题|可以|能)|请问有什么|为您服务|在的|您好[,，!！~。 ]*$)"
    ),
    "asks_wait": re.compile(
        r"(?:稍等|稍后|等一下|请等|耐心|正在.{0,6}(?:查|核|看|处理)|马上|尽快|催|给您(?:查|看|核))"
    ),
    "sorry": re.compile(r"(?:抱歉|对不起|不好意思|很遗憾|理解您)"),
    "refuses": re.compile(r"(?:无法|不能|不可以|不支持|没有办法|没办法|不了的|暂时没有|已经没有)"),
    "done": re.compile(
        r"(?:已经?(?:为您|帮您|给您)|为您(?:申请|登记|提交|反馈|备注|修改|取消)|帮您(?:申请|登记|提交|反馈|备注|修改|取消)|成功)"
    ),
}
_QUESTION = re.compile(
    r"[?]|吗|么[,。!? ]*$|呢[,。!? ]*$|怎么|咋|什么|啥|哪|几|多少|多久|如何|为何|是不是|能不能|有没有|可不可以|可以不|行不|会不会"
)
_EXPECTED = {name: column for column, name in enumerate((*(kind.value for kind in EntityKind), "confirm"))}
_OPENED = {str(label): column for column, label in enumerate(LABELS)}
_LENGTHS = np.array((2, 4, 7, 12, 20, 40))
_FIRST_MASK, _MASKS = min(map(ord, MASKS.values())), len(MASKS)
_LAST, _TAIL, _SHORT = 120, 6, 8


class Around(NamedTuple):
    """The context of one turn: the other side's last line, the customer's last, and the lines before them."""

    theirs: str
    own: str
    older: tuple[str, ...]

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """What is averaged at each place behind the message's own."""
        return ((self.theirs,) if self.theirs else (), (self.own,) if self.own else (), self.older)


def around(turn: Turn) -> Around:
    theirs = own = ""
    older: list[str] = []
    for line in reversed(turn.previous[-_TAIL:]):
        if line.by == "customer" and not own:
            own = line.text[:_LAST]
        elif line.by != "customer" and not theirs:
            theirs = line.text[-_LAST:]
        else:
            older.append(line.text[:_LAST])
    return Around(theirs, own, tuple(line for line in older if line))


def flags(turns: Sequence[Turn], texts: Sequence[str], contexts: Sequence[Around]) -> Floats:
    """One row per turn; `texts` are the normalised messages."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    acts = np.array([_acts(context.theirs) for context in contexts], dtype=np.float32).reshape(len(turns), -1)
    told = np.zeros((len(turns), 2 + len(_EXPECTED) + len(_OPENED)), dtype=np.float32)
    for row, (turn, text) in enumerate(zip(turns, texts, strict=True)):
        told[row, 0] = not turn.previous
        told[row, 1] = _QUESTION.search(text) is not None
        if turn.expecting in _EXPECTED:
            told[row, 2 + _EXPECTED[turn.expecting]] = 1
        for matter in turn.open_matters:
            if (column := _OPENED.get(matter)) is not None:
                told[row, 2 + len(_EXPECTED) + column] = 1
    moods = np.array([marks.row(turn) for turn in turns], dtype=np.float32).reshape(len(turns), -1)
    short = (lengths <= _SHORT)[:, None]
    return np.concatenate((_shape(texts, lengths), acts, acts * short, told, moods), axis=1)


def _shape(texts: Sequence[str], lengths: NDArray[np.int64]) -> Floats:
    """How long each text is, which masks stand in it, and whether it holds little or nothing else."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(texts)), lengths)
    kind = codes.astype(np.int64) - _FIRST_MASK
    masked = (kind >= 0) & (kind < _MASKS)
    masks = np.zeros((len(texts), _MASKS), dtype=np.float32)
    masks[rows[masked], kind[masked]] = 1
    letters = np.bincount(rows[_letters()[np.minimum(codes, _BEYOND)] & ~masked], minlength=len(texts))
    any_mask = masks.any(axis=1)
    return np.column_stack(
        (
            lengths[:, None] <= _LENGTHS,
            (letters == 0) & any_mask,
            (letters <= _FEW) & any_mask,
            lengths == 0,
            masks,
        )
    ).astype(np.float32)


_FEW, _BEYOND = 3, 0x2FFFF


@cache
def _letters() -> NDArray[np.bool_]:
    """Whether a code point is a letter; the last entry stands for all beyond."""
    return np.fromiter((chr(code).isalpha() for code in range(_BEYOND + 1)), dtype=np.bool_)


@lru_cache(maxsize=16_384)
def _acts(line: str) -> tuple[float, ...]:
    read = normalise(line)
    return tuple(float(bool(pattern.search(read))) for pattern in ACTS.values())
