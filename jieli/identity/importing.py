from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import resolving, selectors
from jieli.identity.contracts import Contact, NewPerson, PersonId, Tier
from jieli.identity.models import Person
from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid

_BATCH = 500


def import_persons(actor: Actor, new: Sequence[NewPerson]) -> list[PersonId]:
    """Known customers of another system, in bulk and idempotent; returns whom each one is, in the same order.

    They go through the same rules as contacts, so a customer already known is found and not doubled.
    """
    actor.require(Permission.PERSON_MERGE)
    found: list[PersonId] = []
    for start in range(0, len(new), _BATCH):
        found += _import(new[start : start + _BATCH])
    governance.audit(actor, "person.import", "person", "", {"count": len(new)})
    return found


def _import(new: Sequence[NewPerson]) -> list[PersonId]:
    resolved = resolving.resolve_many([Contact(one.keys, one.name, one.source, one.at) for one in new])
    rows = {row.id: row for row in Person.objects.filter(id__in={one.own for one in resolved})}
    for one, person in zip(new, resolved, strict=True):
        row = rows[person.own]
        row.tier, row.locale = one.tier.value, one.locale
        row.tags = list(dict.fromkeys([*row.tags, *one.tags]))
        row.traits = row.traits | _sourced(one.traits, one.source, one.at)
    Person.objects.bulk_update(rows.values(), ["tier", "locale", "tags", "traits"], batch_size=200)
    return [one.person for one in resolved]


def _sourced(traits: Mapping[str, Any], source: str, at: datetime) -> dict[str, Any]:
    return {
        name: {
            "value": governance.mask_text(value) if isinstance(value, str) else value,
            "source": source,
            "at": at.isoformat(),
        }
        for name, value in traits.items()
    }


@transaction.atomic
def set_traits(person: UUID, traits: Mapping[str, Any], source: str) -> None:
    """Keep what is known of a person and who says so; `tier`, `locale` and `tags` have columns of their own.

    Raises `NotFound`, `Invalid` for an unknown tier.
    """
    root = selectors.canonical(person)
    row = Person.objects.select_for_update().get(id=root)
    row.traits = row.traits | _sourced(traits, source, clock.now())
    try:
        row.tier = Tier(traits.get("tier", row.tier)).value
    except ValueError:
        raise Invalid(f"There is no tier “{traits['tier']}”.") from None
    row.locale = str(traits.get("locale", row.locale))[:10]
    row.tags = list(traits.get("tags", row.tags))
    row.save(update_fields=["traits", "tier", "locale", "tags"])
