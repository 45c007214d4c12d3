"""One spelling for what is written in many ways, so that n-grams meet across messages."""

import re
import unicodedata

MASKS = {
    "order": "\ue001",
    "tracking": "\ue002",
    "phone": "\ue003",
    "email": "\ue004",
    "url": "\ue005",
    "number": "\ue006",
    "amount": "\ue007",
    "date": "\ue008",
    "time": "\ue009",
    "address": "\ue00a",
    "name": "\ue00b",
    "image": "\ue00c",
    "emoji": "\ue00d",
    "thing": "\ue00e",
}
# Bracketed masks appear in anonymised transcripts and in Jieli's own redacted exports.
_BRACKETS = {
    "订单": "order", "运单": "tracking", "快递单": "tracking", "电话": "phone", "手机": "phone", "邮箱": "email",
    "链接": "url", "数字": "number", "金额": "amount", "日期": "date", "时间": "time", "地址": "address",
    "站点": "address", "姓名": "name", "图片": "image", "照片": "image", "表情": "emoji",
}  # fmt: skip

_PIECES = re.compile(
    r"(?P<card>\[订单编号[:].{0,60}?\]\]?)"
    r"|\[(?P<mask>[\u4e00-\u9fff]{2,5}?)(?:[xX]|\d+)\]|(?P<emote>\[[\u4e00-\u9fffA-Za-z]{1,5}\]|#E-[a-z]\d{2})"
    r"|(?P<url>https?://[^\s\u4e00-\u9fff]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.]+)"
    r"|(?P<tracking>(?:sf|yt|jd[a-z]{0,3}|zto|sto|yunda|ems|jt|db|dpk)\d{9,18})"
    r"|(?P<phone>(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)|(?<!\d)1[3-9]\d\*{4}\d{4})"
    r"|(?P<amount>(?:[¥￥]\s?\d+(?:\.\d+)?|\d+(?:\.\d+)?\s?(?:元|块钱?|rmb)))"
    r"|(?P<time>\d{1,2}[:：]\d{2}|\d{1,2}点半?(?!了吗))"
    r"|(?P<date>\d{2,4}[-/年.]\d{1,2}[-/月.]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[号日](?!楼))"
    r"|(?P<order>(?<![\da-z])[a-z]{0,4}\d{9,22}(?!\d))"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<emoji>[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)",
)
_REPEATS = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"\s+")
_NEEDS_PIECES = re.compile(r"[\d\[@#\U0001f300-\U0001faff\u2600-\u27bf]")
LONGEST = 400


def _mask(match: re.Match[str]) -> str:
    kind = match.lastgroup or "thing"
    if kind == "card":
        return MASKS["order"]
    if kind == "mask":
        return MASKS[_BRACKETS.get(match["mask"].removesuffix("编号"), "thing")]
    if kind == "emote":
        return MASKS[_BRACKETS.get(match["emote"].strip("[]"), "emoji")]
    return MASKS[kind]


def normalise(text: str) -> str:
    """Lower case, half width, masks for numbers and addresses, runs of one character cut to two.

    A long message is read at both ends: what is wanted stands at the beginning or at the end.
    """
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + " " + text[-LONGEST // 2 :]
    text = unicodedata.normalize("NFKC", text).lower()
    if _NEEDS_PIECES.search(text):
        text = _PIECES.sub(_mask, text)
    text = _REPEATS.sub(r"\1\1", text)
    return _SPACES.sub(" ", text).strip()
