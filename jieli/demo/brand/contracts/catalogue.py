from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class Line(StrEnum):
    APPLIANCES = "appliances"
    HOME = "home"
    BEAUTY = "beauty"
    APPAREL = "apparel"


class Install(StrEnum):
    NONE = "none"
    SELF = "self"
    ENGINEER = "engineer"


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    line: Line
    name: Words


@dataclass(frozen=True, slots=True)
class Attribute:
    name: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Lot:
    """One production batch of a SKU; `expires_on` only where goods spoil."""

    number: str
    made_on: date
    expires_on: date | None
    origin: Words


@dataclass(frozen=True, slots=True)
class Sku:
    """`code` is `LINE-PRODUCT-VARIANT`; `price` is CNY, tax included; `warranty_months` 0 means no warranty."""

    code: str
    product: str
    line: Line
    category: str
    name: Words
    price: Decimal
    attributes: tuple[Attribute, ...]
    aliases: tuple[str, ...]
    warranty_months: int
    install: Install
    made_to_order: bool
    oversized: bool
    origin: Words
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Warehouse:
    key: str
    name: Words
    province: str
    city: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Pieces in one warehouse; `restock_on` is set wherever nothing can be sold now."""

    sku: str
    warehouse: str
    on_hand: int
    reserved: int
    restock_on: date | None

    @property
    def available(self) -> int:
        return max(0, self.on_hand - self.reserved)
