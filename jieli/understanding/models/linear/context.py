"""What stands around a message, as numbers: topics of the turns before, what was asked, how the message is built."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.contracts import EntityKind, Turn
from jieli.understanding.models.linear.normalise import MASKS
from jieli.understanding.models.port import LABELS

Floats = NDArray[np.float32]

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
_EXPECTED = (*(kind.value for kind in EntityKind), "confirm")
_MASK_CODES = tuple(MASKS.values())
_COLUMNS = {str(label): column for column, label in enumerate(LABELS)}
_LAST, _TAIL = 120, 6


def _shape(text: str) -> list[float]:
    """Of a normalised message: its length, whether it asks, which masks stand in it, whether it is nothing else."""
    bare = "".join(c for c in text if c.isalpha() and c not in _MASK_CODES) if text else ""
    masks = [float(mask in text) for mask in _MASK_CODES]
    return [
        *(float(len(text) <= limit) for limit in (2, 4, 7, 12, 20, 40)),
        float(bool(_QUESTION.search(text))),
        float(not bare and any(masks)),
        float(len(bare) <= 3 and any(masks)),
        float(not text),
        *masks,
    ]


class Around(NamedTuple):
    """The context of one turn: the other side's last line, the customer's last, and the lines before them."""

    theirs: str
    own: str
    older: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (self.theirs, self.own, *self.older) if line)


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
    return Around(theirs, own, tuple(older))


@lru_cache(maxsize=16_384)
def _acts(line: str) -> tuple[float, ...]:
    return tuple(float(bool(pattern.search(line))) for pattern in ACTS.values())


def _flags(turn: Turn, text: str, theirs: str) -> list[float]:
    short = len(text) <= 8
    acts = _acts(theirs)
    return [
        *_shape(text),
        *acts,
        *(act if short else 0.0 for act in acts),
        float(not turn.previous),
        *(float(turn.expecting == kind) for kind in _EXPECTED),
    ]


def dense(
    turns: Sequence[Turn],
    texts: Sequence[str],
    replies: Sequence[str],
    topics: tuple[Floats, Floats, Floats],
    scores: Floats,
) -> Floats:
    """One row per turn: log-probabilities of the words alone, topics around (also gated by how unsure the words are), flags."""
    theirs, own, older = topics
    shifted = scores - scores.max(axis=1, keepdims=True)
    words = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    unsure = 1 - np.exp(words.max(axis=1, keepdims=True))
    opened = np.zeros((len(turns), len(LABELS)), dtype=np.float32)
    for row, turn in enumerate(turns):
        for matter in turn.open_matters:
            column = _COLUMNS.get(matter)
            if column is not None:
                opened[row, column] = 1
    flags = np.array(
        [_flags(*each) for each in zip(turns, texts, replies, strict=True)], dtype=np.float32
    ).reshape(len(turns), -1)
    blocks = (
        np.maximum(words, -8) / 2,
        theirs,
        own,
        older,
        unsure * theirs,
        unsure * own,
        unsure * older,
        opened,
        unsure * opened,
        flags,
    )
    return np.concatenate(blocks, axis=1).astype(np.float32)
