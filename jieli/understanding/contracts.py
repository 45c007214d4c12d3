"""What crosses the door of understanding: turns in, findings out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class Intent(StrEnum):
    PRODUCT_INFO = "product_info"
    RECOMMENDATION = "recommendation"
    SIZE_FIT = "size_fit"
    STOCK = "stock"
    PROMOTION = "promotion"
    PRICE_PROTECTION = "price_protection"
    AUTHENTICITY = "authenticity"
    ORDERING = "ordering"
    PAYMENT = "payment"
    DELIVERY_POLICY = "delivery_policy"
    SHIP_WHEN = "ship_when"
    TRACK = "track"
    DELIVERY_PROBLEM = "delivery_problem"
    ORDER_CHANGE = "order_change"
    ORDER_CANCEL = "order_cancel"
    ORDER_QUERY = "order_query"
    INVOICE = "invoice"
    RETURN_GOODS = "return_goods"
    EXCHANGE_GOODS = "exchange_goods"
    REFUND_STATUS = "refund_status"
    REPAIR_WARRANTY = "repair_warranty"
    INSTALL_SERVICE = "install_service"
    QUALITY_ISSUE = "quality_issue"
    MISSING_WRONG = "missing_wrong"
    USAGE_HELP = "usage_help"
    COMPLAINT = "complaint"
    PROMISE_CLAIM = "promise_claim"
    ACCOUNT = "account"
    HUMAN_AGENT = "human_agent"
    PROVIDE_INFO = "provide_info"
    AFFIRM = "affirm"
    DENY = "deny"
    GREETING = "greeting"
    THANKS_BYE = "thanks_bye"
    URGE = "urge"
    CHITCHAT = "chitchat"
    OTHER = "other"


class IntentFamily(StrEnum):
    PRE_SALE = "pre_sale"
    ORDER = "order"
    AFTER_SALE = "after_sale"
    RISK = "risk"
    ACCOUNT = "account"
    TALK = "talk"
    NONE = "none"


class Way(StrEnum):
    """How an intent is handled unless operations say otherwise."""

    KNOWLEDGE = "knowledge"
    FACTS = "facts"
    FLOW = "flow"
    DIAGNOSIS = "diagnosis"
    BOOKING = "booking"
    PROMISE = "promise"
    LIVE_SESSION = "live_session"
    LOGISTICS_TICKET = "logistics_ticket"
    WAREHOUSE_TICKET = "warehouse_ticket"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    CONTINUE = "continue"
    GREET = "greet"
    CLOSE = "close"
    RAISE_PRIORITY = "raise_priority"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class IntentMeta:
    zh: str
    en: str
    family: IntentFamily
    ways: tuple[Way, ...]

    @property
    def default_way(self) -> Way:
        return self.ways[0]


def _meta(zh: str, en: str, family: IntentFamily, *ways: Way) -> IntentMeta:
    return IntentMeta(zh, en, family, ways)


_F, _W = IntentFamily, Way
INTENTS: Mapping[Intent, IntentMeta] = MappingProxyType(
    {
        Intent.PRODUCT_INFO: _meta("产品咨询", "Product question", _F.PRE_SALE, _W.KNOWLEDGE),
        Intent.RECOMMENDATION: _meta("求推荐", "Recommendation", _F.PRE_SALE, _W.KNOWLEDGE, _W.AGENT),
        Intent.SIZE_FIT: _meta("尺码适配", "Size and fit", _F.PRE_SALE, _W.KNOWLEDGE),
        Intent.STOCK: _meta("库存到货", "Stock", _F.PRE_SALE, _W.FACTS),
        Intent.PROMOTION: _meta("价格优惠", "Price and offers", _F.PRE_SALE, _W.KNOWLEDGE, _W.LIVE_SESSION),
        Intent.PRICE_PROTECTION: _meta("价保补差", "Price protection", _F.AFTER_SALE, _W.FACTS, _W.FLOW),
        Intent.AUTHENTICITY: _meta("正品与批次", "Authenticity and origin", _F.PRE_SALE, _W.FACTS),
        Intent.ORDERING: _meta("下单购买", "Placing an order", _F.PRE_SALE, _W.KNOWLEDGE, _W.AGENT),
        Intent.PAYMENT: _meta("支付问题", "Payment", _F.ORDER, _W.KNOWLEDGE, _W.AGENT),
        Intent.DELIVERY_POLICY: _meta("配送政策", "Delivery terms", _F.PRE_SALE, _W.KNOWLEDGE),
        Intent.SHIP_WHEN: _meta("催发货", "When it ships", _F.ORDER, _W.FACTS, _W.PROMISE),
        Intent.TRACK: _meta("查物流", "Where the parcel is", _F.ORDER, _W.FACTS),
        Intent.DELIVERY_PROBLEM: _meta("配送异常", "Delivery problem", _F.ORDER, _W.LOGISTICS_TICKET),
        Intent.ORDER_CHANGE: _meta("修改订单", "Change an order", _F.ORDER, _W.FLOW),
        Intent.ORDER_CANCEL: _meta("取消订单", "Cancel an order", _F.ORDER, _W.FLOW),
        Intent.ORDER_QUERY: _meta("查询订单", "Order status", _F.ORDER, _W.FACTS),
        Intent.INVOICE: _meta("发票", "Invoice", _F.ORDER, _W.FACTS, _W.FLOW),
        Intent.RETURN_GOODS: _meta("退货", "Return", _F.AFTER_SALE, _W.FLOW),
        Intent.EXCHANGE_GOODS: _meta("换货", "Exchange", _F.AFTER_SALE, _W.FLOW),
        Intent.REFUND_STATUS: _meta("退款进度", "Refund status", _F.AFTER_SALE, _W.FACTS, _W.PROMISE),
        Intent.REPAIR_WARRANTY: _meta("维修保修", "Repair and warranty", _F.AFTER_SALE, _W.FACTS, _W.FLOW),
        Intent.INSTALL_SERVICE: _meta("安装与上门", "Installation and visits", _F.AFTER_SALE, _W.BOOKING),
        Intent.QUALITY_ISSUE: _meta("质量问题", "Defect", _F.AFTER_SALE, _W.DIAGNOSIS, _W.AGENT),
        Intent.MISSING_WRONG: _meta("少发错发", "Missing or wrong item", _F.AFTER_SALE, _W.WAREHOUSE_TICKET),
        Intent.USAGE_HELP: _meta("使用帮助", "How to use it", _F.AFTER_SALE, _W.KNOWLEDGE, _W.DIAGNOSIS),
        Intent.COMPLAINT: _meta("投诉", "Complaint", _F.RISK, _W.SUPERVISOR),
        Intent.PROMISE_CLAIM: _meta("要求兑现承诺", "Claims a promise", _F.RISK, _W.PROMISE, _W.AGENT),
        Intent.ACCOUNT: _meta("账号会员", "Account", _F.ACCOUNT, _W.KNOWLEDGE, _W.AGENT),
        Intent.HUMAN_AGENT: _meta("转人工", "Wants a human", _F.TALK, _W.AGENT),
        Intent.PROVIDE_INFO: _meta("提供信息", "Gives information", _F.TALK, _W.CONTINUE),
        Intent.AFFIRM: _meta("肯定", "Agrees", _F.TALK, _W.CONTINUE),
        Intent.DENY: _meta("否定", "Declines", _F.TALK, _W.CONTINUE),
        Intent.GREETING: _meta("打招呼", "Greets", _F.TALK, _W.GREET),
        Intent.THANKS_BYE: _meta("感谢道别", "Thanks or leaves", _F.TALK, _W.CLOSE),
        Intent.URGE: _meta("催促回复", "Urges a reply", _F.TALK, _W.RAISE_PRIORITY),
        Intent.CHITCHAT: _meta("闲聊", "Small talk", _F.TALK, _W.SMALL_TALK),
        Intent.OTHER: _meta("其他", "Something else", _F.NONE, _W.AGENT),
    }
)


class Emotion(StrEnum):
    CALM = "calm"
    ANXIOUS = "anxious"
    ANGRY = "angry"
    PLEASED = "pleased"


class EntityKind(StrEnum):
    ORDER_NO = "order_no"
    TRACKING_NO = "tracking_no"
    PHONE = "phone"
    EMAIL = "email"
    SKU = "sku"
    PRODUCT = "product"
    AMOUNT = "amount"
    DATE = "date"
    FAULT_CODE = "fault_code"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece `text` of the message at [start, end), and its normal form `value`.

    Values: ORDER_NO in capitals, or its last digits behind a star (*8846); TRACKING_NO carrier:number, the carrier UNKNOWN
    where its form says nothing; PHONE digits without +86, landlines as 0571-88880000, an extension behind a further dash,
    masked ones keep their stars (138****0000); AMOUNT yuan as a decimal string or an interval of two, other currencies
    with their code (USD:50); DATE an ISO date, minute or interval (2026-11-11, 2026-11-11T20:00+08:00,
    2026-11-09/2026-11-15) in Asia/Shanghai; SKU and PRODUCT the SKU of the lexicon, several joined by |; FAULT_CODE
    upper case without separators; ADDRESS code|division|rest (330106|浙江省杭州市西湖区|文三路100号), where code is the
    deepest division that is certain (GB/T 2260), code and division are empty where none is, and rest is as written.
    An interval open at one end lacks that end: /2026-11-25 is up to that day, 500/ is from 500.
    """

    kind: EntityKind
    text: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PreviousTurn:
    by: Literal["customer", "agent", "bot"]
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message and what stands around it.

    `at` is aware; `previous` is oldest first (the last six count); `expecting` is what was just asked for: an
    EntityKind's value, "confirm" (a yes or no) or ""; `open_matters` are intents' values of matters still open;
    `waited_s` is how long the customer has been waiting for an answer.
    """

    text: str
    at: datetime
    previous: tuple[PreviousTurn, ...] = ()
    expecting: str = ""
    open_matters: tuple[str, ...] = ()
    waited_s: float = 0


@dataclass(frozen=True, slots=True)
class IntentScore:
    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class EmotionFinding:
    """`score` is the strength of `emotion`, 0..1; reasons are `code` or `code:matched words` (emotion/signals.py)."""

    emotion: Emotion
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one turn means. `intents` has the main one first and is never empty."""

    intents: tuple[IntentScore, ...]
    emotion: EmotionFinding
    entities: tuple[Entity, ...]
    reasons: tuple[str, ...]
    model: str

    @property
    def intent(self) -> Intent:
        return self.intents[0].intent

    @property
    def confidence(self) -> float:
        return self.intents[0].confidence


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much a piece of text (or of its context) spoke for the main intent, in log-odds."""

    piece: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A brand's words: SKU → its names and aliases. Build one per brand and keep it: its matchers are cached by identity."""

    products: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


EMPTY = Lexicon()
