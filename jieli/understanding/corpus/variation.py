"""Turns written lines into training turns: filled slots, typing habits, and the conversations they may stand in.

Deterministic: everything random comes from one `random.Random(seed)` and sorted input.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from jieli.understanding.contracts import Intent, PreviousTurn, Turn
from jieli.understanding.corpus.reading import Corpus, Line
from jieli.understanding.corpus.sessions import AT, Example

_SLOT = re.compile(r"\{(\w+)\}")
# Wrong characters that pinyin keyboards and speech recognition put for the right ones.
_TYPOS = {
    "什么": ("神马", "什麽", "甚么", "什么"), "怎么": ("咋", "怎木", "怎嚒", "怎样"), "没有": ("木有", "没", "么有"),
    "在": ("再",), "的": ("滴", "地", "得"), "发货": ("发或", "发火"), "快递": ("快第", "快弟"), "退款": ("退宽", "退kuan"),
    "可以": ("可已", "能", "阔以"), "知道": ("造", "晓得"), "为什么": ("为啥", "为何", "为森么"), "时候": ("时侯", "候"),
    "发票": ("发飘", "fapiao"), "客服": ("客户", "克服"), "帮我": ("帮俺", "给我", "帮偶"), "我的": ("俺的", "我滴"),
    "吗": ("嘛", "么", "不", "嘛?"), "呢": ("捏", "讷", ""), "订单": ("定单", "单子", "dd"), "不能": ("不可以", "不得"),
    "这个": ("介个", "这", "酱个"), "那个": ("辣个", "那"), "一下": ("下", "一哈"), "多少": ("好多", "多烧"), "你们": ("你门", "贵司"),
}  # fmt: skip
_OPENERS = (
    "你好",
    "您好",
    "亲",
    "在吗",
    "请问",
    "客服",
    "麻烦问下",
    "你好，",
    "您好，请问",
    "亲，",
    "hi ",
    "那个，",
    "我想问下",
    "请问下",
)
_MASKS = (
    "[订单x]",
    "[链接x]",
    "[订单编号:[订单x]，订单金额:[金额x]，下单时间:[日期x] [时间x]]",
    "用户发起转人工",
    "#E-s21",
)
_CLOSERS = (
    "谢谢",
    "？",
    "?",
    "。",
    "！",
    "~",
    "😊",
    "呀",
    "哈",
    "哦",
    "啊",
    "[微笑]",
    "麻烦了",
    "，谢谢",
    "😭",
    "#E-s3",
    "呢",
    "，",
)
_TALK = frozenset(
    {
        Intent.AFFIRM,
        Intent.DENY,
        Intent.THANKS_BYE,
        Intent.URGE,
        Intent.PROVIDE_INFO,
        Intent.GREETING,
        Intent.CHITCHAT,
        Intent.HUMAN_AGENT,
    }
)


class Variation:
    """Works inside one side of a split: its lines, follow-ups and replies never meet those of another side."""

    def __init__(self, corpus: Corpus, *, seed: int) -> None:
        self._random = random.Random(seed)
        self._corpus = corpus
        self._by_intent: dict[Intent, list[Line]] = defaultdict(list)
        for line in corpus.said:
            self._by_intent[line.intent].append(line)
        self._replies: dict[str, list[str]] = defaultdict(list)
        for topic, text in corpus.replies:
            self._replies[topic].append(text)
        self._topics = sorted(set(self._by_intent) - _TALK - {Intent.OTHER})
        self._generic = [topic for topic in sorted(self._replies) if topic not in set(Intent)]

    def fill(self, text: str) -> str:
        def pick(match: re.Match[str]) -> str:
            choices = self._corpus.slots.get(match[1])
            return self._random.choice(choices) if choices else match[0]

        return _SLOT.sub(pick, text)

    def spoken(self, text: str) -> str:
        """A line as somebody else might have typed it."""
        text, draw = self.fill(text), self._random.random
        if draw() < 0.35:
            right = self._random.choice(sorted(_TYPOS))
            text = text.replace(right, self._random.choice(_TYPOS[right]), 1)
        if draw() < 0.3:
            text = text.replace("，", self._random.choice((" ", "，", "", ",", "。", "，，"))).replace(
                "？", ""
            )
        if draw() < 0.2:
            text = self._random.choice(_OPENERS) + self._random.choice(("", "", " ")) + text
        if draw() < 0.2:
            text += self._random.choice(_CLOSERS)
        return text or "?"

    def _reply(self, topic: str) -> str:
        choices = self._replies.get(topic) or [
            reply for name in self._generic for reply in self._replies[name]
        ]
        return self.fill(self._random.choice(choices)) if choices else "您好，请稍等"

    def _exchange(self, topic: Intent, *, generic: float) -> tuple[PreviousTurn, ...]:
        """A customer's line on the topic and the agent's reply to it."""
        asked = self.spoken(self._random.choice(self._by_intent[topic]).text)
        name = (
            self._random.choice(self._generic) if self._generic and self._random.random() < generic else topic
        )
        return PreviousTurn("customer", asked), PreviousTurn("agent", self._reply(name))

    def _around(self, line: Line) -> tuple[PreviousTurn, ...]:
        if line.previous:
            filled = tuple(PreviousTurn(turn.by, self.fill(turn.text)) for turn in line.previous)
            before = (
                self._exchange(self._random.choice(self._topics), generic=0.5)
                if self._random.random() < 0.3
                else ()
            )
            return (*before, *filled)
        draw = self._random.random()
        talk = line.intent in _TALK
        if draw < 0.25:
            return ()
        if draw < (0.3 if talk else 0.5):
            return (
                PreviousTurn("customer", self._random.choice(("你好", "在吗", "人工", "[链接x]"))),
                PreviousTurn("agent", self._reply("opens")),
            )
        same = not talk and line.intent in self._topics and self._random.random() < 0.7
        topic = line.intent if same else self._random.choice(self._topics)
        first = self._exchange(topic, generic=0.5)
        if draw > 0.75:
            return (
                *first,
                *self._exchange(
                    topic if self._random.random() < 0.7 else self._random.choice(self._topics), generic=0.6
                ),
            )
        return first

    def _of(self, line: Line) -> Example:
        text, intents = self.spoken(line.text), (line.intent, *line.second)
        draw = self._random.random()
        if draw < 0.08 and line.intent is not Intent.PROVIDE_INFO:
            text = f"{self._random.choice(_MASKS)} {text}"
        elif draw < 0.11 and line.intent not in _TALK:
            text = f"{text} {self._random.choice(_MASKS)}"
        elif draw < 0.16 and line.intent not in _TALK and not line.second and not line.previous:
            other = self._random.choice(self._by_intent[self._random.choice(self._topics)])
            if not other.previous:
                text, intents = (
                    f"{text} {self.spoken(other.text)}",
                    tuple(dict.fromkeys((*intents, other.intent))),
                )
        elif draw < 0.30 and line.intent not in _TALK and not line.previous:
            again = self._random.choice(self._by_intent[line.intent])
            if not again.previous:
                text = f"{text}{self._random.choice((' ', '，', '。'))}{self.spoken(again.text)}"
        elif draw < 0.38 and line.intent not in _TALK and not line.previous:
            with_talk = self._random.choice((Intent.AFFIRM, Intent.AFFIRM, Intent.THANKS_BYE, Intent.DENY))
            said = self._by_intent.get(with_talk)
            if said:
                text = f"{self.spoken(self._random.choice(said).text)} {text}"
        return Example(Turn(text, AT, self._around(line)), intents, line.emotion, line.block)

    def _follow_up(self, line: Line, topic: Intent) -> Example:
        before = self._exchange(topic, generic=0.4)
        if self._random.random() < 0.4:  # the topic was named earlier; the last exchange was only talk
            said = self._random.choice(
                [
                    *self._by_intent[Intent.AFFIRM],
                    *self._by_intent[Intent.URGE],
                    *self._by_intent[Intent.PROVIDE_INFO],
                ]
                or list(self._corpus.said)
            )
            reply = self._reply(self._random.choice([*self._generic, topic.value]))
            before = (*before, PreviousTurn("customer", self.spoken(said.text)), PreviousTurn("agent", reply))
        return Example(
            Turn(self.spoken(line.text), AT, before), (topic, *line.second), line.emotion, line.block
        )

    def examples(self, *, times: int, follow_ups: int) -> Iterator[Example]:
        """Each line `times` times; each follow-up after `follow_ups` topics it may continue (its section, * for any)."""
        for line in self._corpus.said:
            for _ in range(times):
                yield self._of(line)
        for line in self._corpus.follow_ups:
            section = line.block.split("/")[1]
            allowed = (
                self._topics if section == "*" else [t for t in self._topics if t.value in section.split(",")]
            )
            for topic in self._random.sample(allowed, min(follow_ups, len(allowed))):
                yield self._follow_up(line, topic)


def side(corpus: Corpus, kept: Callable[[str], bool]) -> Corpus:
    """The corpus of those blocks (of replies: texts) alone."""
    return Corpus(
        said=tuple(line for line in corpus.said if kept(line.block)),
        follow_ups=tuple(line for line in corpus.follow_ups if kept(line.block)),
        replies=tuple(reply for reply in corpus.replies if kept(reply[1])),
        slots=corpus.slots,
        talks=tuple(example for example in corpus.talks if kept(example.block)),
        digest=corpus.digest,
    )
