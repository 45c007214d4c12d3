"""The door of reception."""

from jieli.reception.export import contacts as export_contacts
from jieli.reception.pipeline import handle

__all__ = ["export_contacts", "handle"]
