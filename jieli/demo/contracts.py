"""What crosses the door of the demo: the brand's rows, and the roles of its simulated customers."""

from jieli.demo.brand.contracts import Customer, DemoBrand, IdentityKind, Order, ParcelState, Staff
from jieli.demo.brand.contracts import Role as StaffRole
from jieli.demo.scripts.contracts import (
    Case,
    Channel,
    Emotion,
    Happening,
    Reaction,
    Role,
    Script,
    Turn,
)

__all__ = [
    "Case",
    "Channel",
    "Customer",
    "DemoBrand",
    "Emotion",
    "Happening",
    "IdentityKind",
    "Order",
    "ParcelState",
    "Reaction",
    "Role",
    "Script",
    "Staff",
    "StaffRole",
    "Turn",
]
