from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from jieli.demo.brand.contracts.people import Address
from jieli.demo.brand.contracts.words import Words


class OrderState(StrEnum):
    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    IN_PRODUCTION = "in_production"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ParcelState(StrEnum):
    LABEL_CREATED = "label_created"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"


class ParcelException(StrEnum):
    LOST = "lost"
    DAMAGED = "damaged"
    REFUSED = "refused"
    ADDRESS_PROBLEM = "address_problem"
    STUCK = "stuck"


class ProductionStage(StrEnum):
    MEASURING = "measuring"
    DESIGN = "design"
    MATERIALS = "materials"
    CUTTING = "cutting"
    EDGING = "edging"
    INSPECTION = "inspection"
    FINISHED = "finished"


class Source(StrEnum):
    MINI_PROGRAM = "mini_program"
    LIVESTREAM = "livestream"
    WEB = "web"
    APP = "app"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Carrier:
    """`pattern` writes a tracking number: `#` a digit, everything else as it stands."""

    key: str
    name: Words
    hotline: str
    pattern: str
    oversized: bool


@dataclass(frozen=True, slots=True)
class TrackPoint:
    at: datetime
    place: str
    state: ParcelState
    what: Words


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Amounts in CNY; `lot` is empty until the line is packed."""

    sku: str
    quantity: int
    unit_price: Decimal
    discount: Decimal
    lot: str

    @property
    def amount(self) -> Decimal:
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class Parcel:
    key: str
    order: str
    carrier: str
    tracking_no: str
    state: ParcelState
    exception: ParcelException | None
    skus: tuple[str, ...]
    warehouse: str
    created_at: datetime
    promised_at: datetime
    delivered_at: datetime | None
    track: tuple[TrackPoint, ...]


@dataclass(frozen=True, slots=True)
class StageDone:
    stage: ProductionStage
    at: datetime


@dataclass(frozen=True, slots=True)
class Production:
    """How far a made-to-measure piece is; `parameters` are what was measured and chosen."""

    stage: ProductionStage
    done: tuple[StageDone, ...]
    due_at: datetime
    late_reason: Words | None
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Order:
    number: str
    customer: str
    state: OrderState
    source: Source
    session: str
    placed_at: datetime
    paid_at: datetime | None
    ship_due_at: datetime | None
    goods: Decimal
    discount: Decimal
    freight: Decimal
    payable: Decimal
    promotion: str
    payment: str
    receiver: Address
    note: str
    lines: tuple[OrderLine, ...]
    parcels: tuple[Parcel, ...]
    production: Production | None
