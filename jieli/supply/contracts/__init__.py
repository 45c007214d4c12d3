"""What crosses the door of supply: questions in, facts or honest unknowns out."""

from jieli.supply.contracts.facts import (
    Answer,
    Ask,
    Catalogue,
    Circuit,
    Fact,
    FactKind,
    OwnerKey,
    PushResult,
    Quote,
    SourceView,
    Unknown,
    UnknownReason,
    seal_of,
)
from jieli.supply.contracts.feeding import (
    DemoChange,
    DemoEntry,
    NewSource,
    OwnerKind,
    PushBatch,
    PushedFact,
    RawFact,
)
from jieli.supply.contracts.values import VALUES, ParcelState, StockValue

__all__ = [
    "VALUES",
    "Answer",
    "Ask",
    "Catalogue",
    "Circuit",
    "DemoChange",
    "DemoEntry",
    "Fact",
    "FactKind",
    "NewSource",
    "OwnerKey",
    "OwnerKind",
    "ParcelState",
    "PushBatch",
    "PushResult",
    "PushedFact",
    "Quote",
    "RawFact",
    "SourceView",
    "StockValue",
    "Unknown",
    "UnknownReason",
    "seal_of",
]
