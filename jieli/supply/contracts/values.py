"""The shape of a fact's value per kind, as plain JSON; what a source sends is checked against it (shapes.py).

Keys that are NotRequired are left out when the source does not know them; nothing is filled in.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

from jieli.supply.contracts.facts import FactKind

Text = Annotated[str, Meta(max_length=1000)]
Code = Annotated[str, Meta(min_length=1, max_length=120)]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$")]
Money = Annotated[str, Meta(pattern=r"^-?\d{1,12}(\.\d{1,4})?$")]
Count = Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


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


class OrderLine(TypedDict):
    sku: Code
    name: Text
    qty: Count
    price: Money
    state: NotRequired[Text]
    lot: NotRequired[Text]


class ProductionStep(TypedDict):
    stage: Text
    at: Moment


class Production(TypedDict):
    stage: Text
    done: list[ProductionStep]
    due_at: NotRequired[Moment]
    late_reason: NotRequired[Text]
    parameters: NotRequired[dict[str, str]]


class OrderValue(TypedDict):
    """`promised_at` is when it was promised to be shipped; `parcels` are tracking numbers."""

    number: Code
    state: OrderState
    placed_at: Moment
    amount: Money
    lines: Annotated[list[OrderLine], Meta(max_length=500)]
    paid_at: NotRequired[Moment]
    promised_at: NotRequired[Moment]
    receiver_masked: NotRequired[Text]
    phone_masked: NotRequired[Text]
    address_masked: NotRequired[Text]
    parcels: NotRequired[list[Code]]
    production: NotRequired[Production]
    channel: NotRequired[Text]
    session: NotRequired[Text]
    promotion: NotRequired[Text]
    payment: NotRequired[Text]
    note: NotRequired[Text]


class Point(TypedDict):
    lat: Latitude
    lon: Longitude
    name: NotRequired[Text]


class Track(TypedDict):
    at: Moment
    place: Text
    text: Text
    state: NotRequired[ParcelState]


class ParcelValue(TypedDict):
    """`tracks` oldest first; `eta` is the carrier's estimate, `promised_at` what the customer was promised;
    `exception` is lost, damaged, refused, address_problem or stuck."""

    tracking: Code
    carrier: Text
    state: ParcelState
    tracks: Annotated[list[Track], Meta(max_length=500)]
    order: NotRequired[Code]
    eta: NotRequired[Moment]
    promised_at: NotRequired[Moment]
    delivered_at: NotRequired[Moment]
    carrier_phone: NotRequired[Text]
    skus: NotRequired[list[Code]]
    origin: NotRequired[Point]
    destination: NotRequired[Point]
    exception: NotRequired[Text]
    exception_text: NotRequired[Text]


class WarehouseStock(TypedDict):
    name: Text
    on_hand: Count
    reserved: NotRequired[Count]


class StockValue(TypedDict):
    """Sellable is `on_hand` − `reserved`, over all `warehouses`."""

    sku: Code
    on_hand: Count
    reserved: Count
    name: NotRequired[Text]
    warehouses: NotRequired[list[WarehouseStock]]
    restock_at: NotRequired[Moment]


class ReturnValue(TypedDict):
    number: Code
    order: Code
    type: Text
    state: Text
    asked_at: Moment
    skus: NotRequired[list[Code]]
    amount: NotRequired[Money]
    reason: NotRequired[Text]
    tracking: NotRequired[Text]
    due_at: NotRequired[Moment]


class RefundValue(TypedDict):
    number: Code
    order: Code
    amount: Money
    state: Text
    asked_at: Moment
    to: NotRequired[Text]
    done_at: NotRequired[Moment]
    due_at: NotRequired[Moment]


class PromotionValue(TypedDict):
    """`skus` empty: it holds for everything."""

    code: Code
    name: Text
    text: Text
    from_at: Moment
    to_at: Moment
    skus: NotRequired[list[Code]]
    stackable: NotRequired[bool]


class ProductValue(TypedDict):
    sku: Code
    name: Text
    price: NotRequired[Money]
    name_en: NotRequired[Text]
    aliases: NotRequired[list[Text]]
    brand: NotRequired[Text]
    category: NotRequired[Text]
    line: NotRequired[Text]
    origin: NotRequired[Text]
    warranty_months: NotRequired[Count]
    install: NotRequired[Text]
    attributes: NotRequired[dict[str, str]]
    lots: NotRequired[list[dict[str, str]]]


class InvoiceValue(TypedDict):
    number: Code
    order: Code
    amount: Money
    state: Text
    title_masked: NotRequired[Text]
    type: NotRequired[Text]
    issued_at: NotRequired[Moment]
    due_at: NotRequired[Moment]


class WarrantyValue(TypedDict):
    """Keyed by the device's serial number."""

    serial: Code
    sku: Code
    from_at: Moment
    until: Moment
    order: NotRequired[Code]
    name: NotRequired[Text]
    covers: NotRequired[Text]


VALUES: Mapping[FactKind, Any] = MappingProxyType(
    {
        FactKind.ORDER: OrderValue,
        FactKind.PARCEL: ParcelValue,
        FactKind.STOCK: StockValue,
        FactKind.RETURN: ReturnValue,
        FactKind.REFUND: RefundValue,
        FactKind.PROMOTION: PromotionValue,
        FactKind.PRODUCT: ProductValue,
        FactKind.INVOICE: InvoiceValue,
        FactKind.WARRANTY: WarrantyValue,
    }
)
