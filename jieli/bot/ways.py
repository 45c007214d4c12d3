"""The default way of each intent (design: intents.md) as data: what is asked of supply, who answers, what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from jieli.supply.contracts import FactKind as F
from jieli.understanding.contracts import Intent


class Then(StrEnum):
    """After what can be told was told: nothing more, offer a person, or pass it on because a person has to act."""

    NOTHING = "nothing"
    OFFER = "offer"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`tell` names the teller of facts (tellers.py), `ask` what must be known for it; `article` says whether articles
    may answer, `first` that they answer before facts do; `skill` and `line` are for the hand-over, `ticket` the kind of ticket it should open."""

    skill: str
    facts: tuple[F, ...] = ()
    tell: str = ""
    ask: str = ""
    article: bool = True
    first: bool = False
    then: Then = Then.NOTHING
    line: str = "hand.does_it"
    ticket: str = ""
    urgent: bool = False


PRESALE, LOGISTICS, AFTERSALE = "presale", "logistics", "aftersale"
TECH, COMPLAINT, LIVE = "appliance_tech", "complaint", "live"

_ORDER = "order_no"
WAYS: Mapping[Intent, Way] = MappingProxyType(
    {
        Intent.PRODUCT_INFO: Way(skill=PRESALE, facts=(F.PRODUCT,), tell="product", first=True),
        Intent.RECOMMENDATION: Way(skill=PRESALE, then=Then.OFFER),
        Intent.SIZE_FIT: Way(skill=PRESALE, facts=(F.PRODUCT,), tell="product", first=True),
        Intent.STOCK: Way(skill=PRESALE, facts=(F.STOCK,), tell="stock", ask="sku"),
        Intent.PROMOTION: Way(skill=PRESALE, facts=(F.PROMOTION,), tell="promotion", first=True),
        Intent.PRICE_PROTECTION: Way(
            skill=AFTERSALE, facts=(F.ORDER,), tell="order", ask=_ORDER, first=True, then=Then.HAND_OVER
        ),
        Intent.AUTHENTICITY: Way(skill=PRESALE, facts=(F.PRODUCT,), tell="origin"),
        Intent.ORDERING: Way(skill=PRESALE, then=Then.OFFER),
        Intent.PAYMENT: Way(skill=PRESALE, then=Then.OFFER),
        Intent.DELIVERY_POLICY: Way(skill=PRESALE),
        Intent.SHIP_WHEN: Way(skill=LOGISTICS, facts=(F.ORDER,), tell="ship", ask=_ORDER, article=False),
        Intent.TRACK: Way(
            skill=LOGISTICS, facts=(F.PARCEL, F.ORDER), tell="track", ask=_ORDER, article=False
        ),
        Intent.DELIVERY_PROBLEM: Way(
            skill=LOGISTICS,
            facts=(F.PARCEL, F.ORDER),
            tell="track",
            ask=_ORDER,
            article=False,
            then=Then.HAND_OVER,
            line="hand.logistics",
            ticket="logistics",
        ),
        Intent.ORDER_CHANGE: Way(
            skill=LOGISTICS,
            facts=(F.ORDER,),
            tell="order",
            ask=_ORDER,
            first=True,
            then=Then.HAND_OVER,
            urgent=True,
        ),
        Intent.ORDER_CANCEL: Way(
            skill=LOGISTICS,
            facts=(F.ORDER,),
            tell="order",
            ask=_ORDER,
            first=True,
            then=Then.HAND_OVER,
            urgent=True,
        ),
        Intent.ORDER_QUERY: Way(skill=LOGISTICS, facts=(F.ORDER,), tell="order", ask=_ORDER, article=False),
        Intent.INVOICE: Way(skill=AFTERSALE, facts=(F.INVOICE,), tell="invoice", then=Then.OFFER),
        Intent.RETURN_GOODS: Way(skill=AFTERSALE, facts=(F.RETURN,), tell="return", then=Then.OFFER),
        Intent.EXCHANGE_GOODS: Way(skill=AFTERSALE, facts=(F.RETURN,), tell="return", then=Then.OFFER),
        Intent.REFUND_STATUS: Way(
            skill=AFTERSALE, facts=(F.REFUND, F.RETURN), tell="refund", ask=_ORDER, article=False
        ),
        Intent.REPAIR_WARRANTY: Way(skill=TECH, facts=(F.WARRANTY,), tell="warranty", then=Then.OFFER),
        Intent.INSTALL_SERVICE: Way(skill=TECH, facts=(F.ORDER,), then=Then.HAND_OVER, line="hand.booking"),
        Intent.QUALITY_ISSUE: Way(skill=TECH, facts=(F.ORDER,), then=Then.HAND_OVER),
        Intent.MISSING_WRONG: Way(
            skill=AFTERSALE,
            facts=(F.ORDER, F.PARCEL),
            tell="order",
            ask=_ORDER,
            article=False,
            then=Then.HAND_OVER,
            line="hand.warehouse",
            ticket="warehouse",
        ),
        Intent.USAGE_HELP: Way(skill=TECH, then=Then.OFFER),
        Intent.COMPLAINT: Way(
            skill=COMPLAINT,
            facts=(F.ORDER, F.PARCEL),
            article=False,
            then=Then.HAND_OVER,
            line="hand.supervisor",
            urgent=True,
        ),
        Intent.PROMISE_CLAIM: Way(
            skill=LIVE, facts=(F.ORDER,), article=False, then=Then.HAND_OVER, line="hand.live"
        ),
        Intent.ACCOUNT: Way(skill=AFTERSALE, then=Then.OFFER),
        Intent.OTHER: Way(skill=""),
    }
)

TALK = frozenset(
    {
        Intent.HUMAN_AGENT,
        Intent.PROVIDE_INFO,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.GREETING,
        Intent.THANKS_BYE,
        Intent.URGE,
        Intent.CHITCHAT,
    }
)


def tells_articles(intent: Intent) -> bool:
    """Whether an article may answer: by its way, or because it was only guessed and a person would else be sent off."""
    way = WAYS[intent]
    return way.article or way.then is Then.HAND_OVER
