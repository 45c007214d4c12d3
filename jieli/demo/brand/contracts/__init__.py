"""The shapes of the demo brand: frozen, without framework; other modules read these and nothing else."""

from jieli.demo.brand.contracts.aftersale import (
    Eligibility,
    Invoice,
    InvoiceKind,
    InvoiceState,
    PriceCase,
    PriceCaseState,
    Promotion,
    Refund,
    RefundState,
    Return,
    ReturnKind,
    ReturnState,
)
from jieli.demo.brand.contracts.brand import DemoBrand
from jieli.demo.brand.contracts.catalogue import (
    Attribute,
    Category,
    Install,
    Line,
    Lot,
    Sku,
    StockLevel,
    Warehouse,
)
from jieli.demo.brand.contracts.knowledge import (
    Article,
    Audience,
    BotText,
    Choice,
    EndKind,
    PathEnd,
    PathStep,
    ResolutionPath,
    SavedReply,
    Scope,
    ScopeKind,
    SensitiveWord,
    WordAction,
    WordKind,
)
from jieli.demo.brand.contracts.live import (
    DueFrom,
    DueRule,
    HostPromise,
    LiveSession,
    OnAir,
    Owed,
    OwedState,
    PromiseKind,
    Room,
    SessionState,
)
from jieli.demo.brand.contracts.people import (
    Address,
    ConflictKind,
    Customer,
    Device,
    Identity,
    IdentityConflict,
    IdentityKind,
    Tier,
)
from jieli.demo.brand.contracts.staff import Calendar, Interval, Role, Skill, SkillLevel, Staff, Team
from jieli.demo.brand.contracts.trade import (
    Carrier,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    ParcelException,
    ParcelState,
    Production,
    ProductionStage,
    Source,
    StageDone,
    TrackPoint,
)
from jieli.demo.brand.contracts.words import Words

__all__ = [
    "Address", "Article", "Attribute", "Audience", "BotText", "Calendar", "Carrier", "Category", "Choice",
    "ConflictKind", "Customer", "DemoBrand", "Device", "DueFrom", "DueRule", "Eligibility", "EndKind", "HostPromise",
    "Identity", "IdentityConflict", "IdentityKind", "Install", "Interval", "Invoice", "InvoiceKind",
    "InvoiceState", "Line", "LiveSession", "Lot", "OnAir", "Order", "OrderLine", "OrderState", "Owed", "OwedState", "Parcel",
    "ParcelException", "ParcelState", "PathEnd", "PathStep", "PriceCase", "PriceCaseState", "Production",
    "ProductionStage", "PromiseKind", "Promotion", "Refund", "RefundState", "ResolutionPath", "Return",
    "ReturnKind", "ReturnState", "Role", "Room", "SavedReply", "Scope", "ScopeKind", "SensitiveWord",
    "SessionState", "Skill", "SkillLevel", "Sku", "Source", "Staff", "StageDone", "StockLevel", "Team", "Tier",
    "TrackPoint", "Warehouse", "WordAction", "WordKind", "Words",
]  # fmt: skip
