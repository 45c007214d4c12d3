"""The door to One-ID: who a contact is from, what is known of that person, and how that is put right by hand."""

from jieli.identity.conflicts import conflicts, decide_conflict
from jieli.identity.importing import import_persons, set_traits
from jieli.identity.journey import append, journey
from jieli.identity.merging import merge, merge_preview
from jieli.identity.owning import blind_of, families, held_by, owner_keys, owner_values
from jieli.identity.parting import undo_merge, unlink
from jieli.identity.resolving import resolve_many
from jieli.identity.revealing import reveal
from jieli.identity.selectors import (
    canonical,
    canonical_many,
    card,
    cards,
    evidence,
    family,
    find,
    hold,
    identities,
    person,
    tiers,
)

__all__ = [
    "append",
    "blind_of",
    "canonical",
    "canonical_many",
    "card",
    "cards",
    "conflicts",
    "decide_conflict",
    "evidence",
    "families",
    "family",
    "find",
    "held_by",
    "hold",
    "identities",
    "import_persons",
    "journey",
    "merge",
    "merge_preview",
    "owner_keys",
    "owner_values",
    "person",
    "resolve_many",
    "reveal",
    "set_traits",
    "tiers",
    "undo_merge",
    "unlink",
]
