"""Simulated customers: who they are, what they want, what they say and how they take what happens."""

from dataclasses import dataclass
from enum import StrEnum

from jieli.demo.brand.contracts.people import IdentityKind


class Emotion(StrEnum):
    CALM = "calm"
    ANXIOUS = "anxious"
    ANGRY = "angry"
    PLEASED = "pleased"


class Channel(StrEnum):
    OFFICIAL_ACCOUNT = "official_account"
    MINI_PROGRAM = "mini_program"
    WEB = "web"


class Happening(StrEnum):
    """What the other side did, as the simulator sees it."""

    ASKS_ORDER = "asks_order"
    ASKS_PRODUCT = "asks_product"
    ASKS_PHOTO = "asks_photo"
    ASKS_CHOICE = "asks_choice"
    ANSWERED = "answered"
    NOT_SURE = "not_sure"
    QUEUED = "queued"
    AGENT_JOINED = "agent_joined"
    SILENCE = "silence"
    RESOLVED = "resolved"


class Case(StrEnum):
    """What must be true of the customer's orders for a script to make sense."""

    ANY_SKU = "any_sku"
    UNPAID = "unpaid"
    PAID = "paid"
    PAID_LATE = "paid_late"
    PARTLY = "partly"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    OWNED = "owned"
    LOST = "lost"
    DAMAGED = "damaged"
    REFUSED = "refused"
    ADDRESS_PROBLEM = "address_problem"
    STUCK = "stuck"
    WARDROBE = "wardrobe"
    WARDROBE_LATE = "wardrobe_late"
    RETURN_FAILED = "return_failed"
    REFUND_PROCESSING = "refund_processing"
    REFUND_DONE = "refund_done"
    PRICE_CASE = "price_case"
    INVOICE_FAILED = "invoice_failed"
    LIVE_ORDER = "live_order"
    LIVE_LATE = "live_late"


@dataclass(frozen=True, slots=True)
class Turn:
    """Said `wait` seconds after the turn before, or earlier as an answer to what happened."""

    wait: int
    say: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """`says[n]` is the answer to the n-th time that it happens; after the last one the customer keeps silent."""

    on: Happening
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """`about` narrows the goods (`line:`, `category:`, `product:`); texts hold `{slots}` that the casting fills."""

    key: str
    persona: str
    goal: str
    emotion: Emotion
    intents: tuple[str, ...]
    case: Case
    about: str
    channel: Channel
    turns: tuple[Turn, ...]
    reactions: tuple[Reaction, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A script played by one customer of the brand, every slot filled; `order` is empty before buying."""

    script: Script
    customer: str
    sender_kind: IdentityKind
    sender: str
    order: str
    sku: str
    turns: tuple[Turn, ...]
    reactions: tuple[Reaction, ...]

    def answer(self, happening: Happening, times: int) -> str | None:
        """What the customer says when `happening` occurs after it already did `times` times."""
        says = next((one.says for one in self.reactions if one.on is happening), ())
        return says[times] if times < len(says) else None
