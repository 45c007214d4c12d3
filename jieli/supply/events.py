from dataclasses import dataclass
from uuid import UUID

from jieli.kernel import outbox
from jieli.supply.contracts import FactKind


@outbox.event("supply.fact_arrived")
@dataclass(frozen=True, slots=True)
class FactArrived:
    """An answer came for what was unknown; `found` is False when the source says that there is nothing."""

    kind: FactKind
    key: str
    person: UUID | None
    found: bool

    @property
    def subject(self) -> UUID | None:
        return self.person

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"person:{self.person}",) if self.person else ()


@outbox.event("supply.parcel_moved")
@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """A parcel changed its state, or ran into an exception (`before` is empty for a new parcel)."""

    tracking: str
    order: str
    before: str
    state: str
    exception: str
    source: str
    person: UUID | None

    @property
    def subject(self) -> UUID | None:
        return self.person

    @property
    def topics(self) -> tuple[str, ...]:
        return ("supply:parcels", *((f"person:{self.person}",) if self.person else ()))


@outbox.event("supply.stock_changed")
@dataclass(frozen=True, slots=True)
class StockChanged:
    """What can be sold of a SKU changed (`before` is None for a new SKU)."""

    sku: str
    before: int | None
    available: int
    source: str

    @property
    def topics(self) -> tuple[str, ...]:
        return ("supply:stock", f"supply:stock:{self.sku}")
