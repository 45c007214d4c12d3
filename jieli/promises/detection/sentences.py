"""Which sentences commit somebody to something."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from jieli.promises.contracts import DetectedPromise, PromiseKind
from jieli.promises.detection import times

_CLAUSE = re.compile(r"[^。！!？?；;\n~～]+[。！!？?；;\n~～]?")
_HAN_GAP = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_LONGEST_TEXT = 2000
_LONGEST_WHAT = 120

_ACTIONS: tuple[tuple[PromiseKind, re.Pattern[str]], ...] = (
    (PromiseKind.PRICE, re.compile(r"补(?:您|你|上|回)?.{0,4}差价?|退(?:您|你|还)?.{0,4}差价|价保|差价")),
    (PromiseKind.COMPENSATION, re.compile(r"赔付|赔偿|补偿|先行赔|补(?:您|你)?.{0,3}(?:优惠)?券|(?:送|发)(?:您|你).{0,4}(?:优惠)?券")),
    (PromiseKind.INVOICE, re.compile(r"(?:开|发|寄|补|换|重开).{0,6}(?:发票|专票|普票)|发票.{0,6}(?:开|发|寄)|给(?:您|你)发票")),
    (PromiseKind.RESEND, re.compile(r"补发|重发|重新(?:发|寄)|换新|换货|补寄")),
    (PromiseKind.GIFT, re.compile(r"赠品|赠送|补(?:送|上).{0,4}(?:礼|赠)|礼品|小礼物")),
    (PromiseKind.REFUND, re.compile(r"退款|到账|退(?:还|回)(?:给|到|您|你|至)?|原路退|退(?:您|你)?.{0,4}(?:钱|费|元|块)|打款|返现")),
    (PromiseKind.INSTALL, re.compile(r"安装|装好")),
    (PromiseKind.VISIT, re.compile(r"上门|师傅.{0,8}(?:到|去|来|联系)|工程师.{0,8}(?:到|去|来)|取件")),
    (PromiseKind.DELIVER_BY, re.compile(r"送达|送到|送货|派送|配送|签收|到货|收到货|给(?:您|你)送")),
    (PromiseKind.SHIP_BY, re.compile(r"发货|发出|寄出|出库|发走|发快递|给(?:您|你)发(?!票|券|消息|短信)|安排发|寄给|寄过去")),
    (PromiseKind.REPLY, re.compile(r"回复|答复|回电|致电|来电|联系(?:到)?(?:您|你)|(?:给|跟|与|和)(?:您|你).{0,6}(?:电话|联系|反馈|说明|答案|结果)|通知(?:您|你)|告知|反馈")),
    (PromiseKind.SOLVE, re.compile(r"处理(?:好|完|完毕|完成|掉)?|解决|核实|搞定|修好|修复|完成|办好|弄好|审核|催(?:促|办)?")),
)  # fmt: skip
_USUAL: dict[PromiseKind, timedelta] = {
    PromiseKind.PRICE: timedelta(days=3),
    PromiseKind.COMPENSATION: timedelta(days=3),
    PromiseKind.GIFT: timedelta(days=7),
    PromiseKind.RESEND: timedelta(days=2),
}
_RATHER = frozenset(  # 补差价，24小时内到账 is about the price; 赠品明天发出 about the gift
    {
        (PromiseKind.PRICE, PromiseKind.REFUND),
        (PromiseKind.GIFT, PromiseKind.SHIP_BY),
        (PromiseKind.RESEND, PromiseKind.SHIP_BY),
        (PromiseKind.INSTALL, PromiseKind.VISIT),
        (PromiseKind.COMPENSATION, PromiseKind.REFUND),
    }
)
_COMMITS = re.compile(
    r"(?:会|将|一定|保证|承诺|肯定|马上|立刻|立即|尽快|这就|现在就|安排|帮|给|为|替|负责|确保|可以给)(?=.{0,16}$|.{0,40})"
)
_GIVES = re.compile(r"(?:给|帮|为|替)(?:您|你|亲|咱)|(?:我|我们|咱们?|这边|客服|仓库|财务|师傅|工程师)")
_REFUSES = re.compile(
    r"不能|无法|没办法|没法|不会|不可以|不支持|不保证|保证不了|做不到|不一定|不确定|暂时没有|暂不"
)
_ASKS_BACK = re.compile(r"[吗么呢][?？]?$|[?？]$|是否|请问|能不能|可不可以|要不要|方便.{0,6}吗")
_POLICY = re.compile(
    r"(?:签收|收货|下单|付款|购买|收到)(?:货|商品|货物)?(?:之日|当天)?(?:起|后|的)?(?:之后)?.{0,6}(?:内|天).{0,8}(?:可以|可|支持|享|无理由|申请)"
    r"|无理由|如果|若|假如|要是|的话|一般|通常|正常(?:情况|下单)|活动(?:时间|期间)|保质期|质保期|保修期|以内的(?:商品|订单)"
)
_ASKS_CUSTOMER = re.compile(
    r"(?:请|麻烦|劳烦|辛苦|需要|烦请|建议|记得)(?:您|你|亲)|(?:您|你)(?:需要|可以|先|记得|这边)|请(?!.{0,3}放心)(?:在|于|尽快|耐心|保持|留意|注意|提供)"
)
_UNKNOWN_START = re.compile(  # 收货后7天内: the clock starts at something that has not happened
    r"(?<!已)(?:收到?货|签收|放行|通过|完成|审核|提交|申请|下单|付款|收到.{0,6}|寄回)(?:售后|成功)?(?:(?:之?后|的)[，,]?)?$"
)
_OTHERS = re.compile(r"希望|(?:给|发|寄)我(?!们)|要求|期望")
_DONE = re.compile(
    r"已经?(?=.{0,6}(?:发|寄|签收|退|补|送|处理|安排|回复|解决|完成))|(?:昨天|前天|刚才|刚刚|上周)"
)
_SOFT = re.compile(r"预计|显示|预估|大概|大约|左右|可能|应该|尽量|争取|差不多|估计|力争|原则上")


def detect(text: str, at: datetime) -> DetectedPromise | None:
    """The first firm commitment of the text, or its first soft one; None for questions, rules and refusals."""
    found = [made for clause in _clauses(text[:_LONGEST_TEXT]) if (made := _of_clause(clause, at))]
    return max(found, key=lambda one: one.confidence, default=None)


def _clauses(text: str) -> Iterator[str]:
    """Sentences, also where only a blank parts them; one with several commas stays whole, because time and deed often
    stand on both sides of one."""
    for found in _CLAUSE.finditer(text):
        for part in _HAN_GAP.split(found[0]):
            if clause := part.strip():
                yield clause


def _of_clause(clause: str, at: datetime) -> DetectedPromise | None:
    if (
        _ASKS_BACK.search(clause.rstrip("。!！~～ "))
        or _REFUSES.search(clause)
        or _POLICY.search(clause)
        or _OTHERS.search(clause)
    ):
        return None
    due = times.find(clause, at)
    if due is not None and _UNKNOWN_START.search(clause[: due.start]) and "内" in due.words:
        return None
    deed = _deed(clause, due)
    if deed is None:
        return None
    kind, words, where = deed
    if due is not None:
        return _timed(clause, kind, words, where, due)
    return _untimed(clause, kind, words, at)


def _deed(clause: str, due: times.DueTime | None) -> tuple[PromiseKind, str, int] | None:
    """What is to be done: the deed that stands nearest to the time, or the first one; done ones do not count."""
    found = [
        (kind, one[0], one.start())
        for kind, pattern in _ACTIONS
        for one in pattern.finditer(clause)
        if not _is_done(clause, one.start(), due)
    ]
    if not found:
        return None
    if due is None:
        return found[0]
    ranked = sorted(enumerate(found), key=lambda pair: (_distance(pair[1][2], due), pair[0]))
    nearest = ranked[0][1]
    meant = next((one[0] for one in found if (one[0], nearest[0]) in _RATHER), nearest[0])
    return meant, nearest[1], nearest[2]


def _distance(where: int, due: times.DueTime) -> int:
    if where >= due.end:
        return where - due.end
    return max(0, due.start - where) + 2


def _is_done(clause: str, where: int, due: times.DueTime | None) -> bool:
    """已退款 is done; 已安排，明天发货 is not, because the time stands between."""
    for done in _DONE.finditer(clause):
        if done.end() > where:
            break
        comma = re.search(r"[，,]", clause[done.end() : where])
        between = due is not None and done.end() <= due.start < where
        if not comma and not between:
            return True
    return False


def _timed(
    clause: str, kind: PromiseKind, words: str, where: int, due: times.DueTime
) -> DetectedPromise | None:
    if _ASKS_CUSTOMER.search(clause) and not _GIVES.search(clause):
        return None
    reasons = [f"time:{due.words}", f"deed:{words}"]
    confidence = 0.8
    if soft := _SOFT.search(clause):
        confidence = 0.5
        reasons.append(f"estimate:{soft[0]}")
    elif sure := (_GIVES.search(clause) or _COMMITS.search(clause)):
        confidence = 0.95
        reasons.append(f"commits:{sure[0]}")
    return DetectedPromise(
        kind=kind,
        what=_what(clause),
        due_at=due.at,
        words=clause[min(where, due.start) : max(where + len(words), due.end)],
        assumed=False,
        confidence=confidence,
        reasons=tuple(reasons),
    )


def _untimed(clause: str, kind: PromiseKind, words: str, at: datetime) -> DetectedPromise | None:
    """补差价 and the like bind the brand without a time; the usual one of the kind is taken."""
    usual = _USUAL.get(kind) if words != "价保" else None
    sure = _GIVES.search(clause) or _COMMITS.search(clause)
    if usual is None or sure is None or (_ASKS_CUSTOMER.search(clause) and not _GIVES.search(clause)):
        return None
    return DetectedPromise(
        kind=kind,
        what=_what(clause),
        due_at=at + usual,
        words=words,
        assumed=True,
        confidence=0.4 if _SOFT.search(clause) else 0.6,
        reasons=(f"deed:{words}", f"commits:{sure[0]}", "usual_time"),
    )


def _what(clause: str) -> str:
    return clause.strip("。！!～~；; \n")[:_LONGEST_WHAT]
