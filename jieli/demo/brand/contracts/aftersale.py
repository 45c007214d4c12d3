from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class ReturnKind(StrEnum):
    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"


class ReturnState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    PICKUP_BOOKED = "pickup_booked"
    IN_TRANSIT = "in_transit"
    INSPECTING = "inspecting"
    INSPECTION_FAILED = "inspection_failed"
    REPLACEMENT_SENT = "replacement_sent"
    DONE = "done"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REJECTED = "rejected"


class PriceCaseState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REJECTED = "rejected"


class InvoiceState(StrEnum):
    REQUESTED = "requested"
    ISSUED = "issued"
    FAILED = "failed"
    REPLACED = "replaced"


class Eligibility(StrEnum):
    EVERYONE = "everyone"
    FIRST_ORDER = "first_order"
    LIVESTREAM = "livestream"


class InvoiceKind(StrEnum):
    PERSONAL = "personal"
    COMPANY = "company"
    SPECIAL_VAT = "special_vat"


@dataclass(frozen=True, slots=True)
class Return:
    number: str
    order: str
    sku: str
    kind: ReturnKind
    state: ReturnState
    reason: Words
    requested_at: datetime
    changed_at: datetime
    due_at: datetime
    carrier: str
    tracking_no: str
    freight_by_brand: bool


@dataclass(frozen=True, slots=True)
class Refund:
    """`return_number` is empty for refunds without goods coming back; `due_at` is when the money should be there."""

    number: str
    order: str
    return_number: str
    amount: Decimal
    to: Words
    state: RefundState
    requested_at: datetime
    due_at: datetime
    done_at: datetime | None
    reason: Words


@dataclass(frozen=True, slots=True)
class PriceCase:
    number: str
    order: str
    sku: str
    paid_price: Decimal
    price_now: Decimal
    difference: Decimal
    state: PriceCaseState
    requested_at: datetime
    within_days: int
    reason: Words


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    order: str
    kind: InvoiceKind
    title: str
    tax_no: str
    amount: Decimal
    state: InvoiceState
    requested_at: datetime
    issued_at: datetime | None
    email: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """`threshold` and `reduction` in CNY; `lines` and `skus` empty mean everything."""

    code: str
    name: Words
    rule: Words
    threshold: Decimal
    reduction: Decimal
    lines: tuple[str, ...]
    skus: tuple[str, ...]
    stackable: bool
    eligible: Eligibility
    starts_at: datetime
    ends_at: datetime
