from datetime import timedelta
from uuid import UUID

from django.db import transaction

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import merging, selectors
from jieli.identity.contracts import PersonId, Revealed
from jieli.identity.models import Identity, Person, Reveal
from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid, NotFound

SHOWN_FOR = timedelta(minutes=5)


@transaction.atomic
def reveal(actor: Actor, person: UUID, field: str, reason: str) -> Revealed:
    """Show one hidden value for five minutes: `name`, or the id of one of the person's keys. Written down with its
    reason. Raises `Forbidden`, `NotFound`, `ReasonTooShort`, `Invalid`."""
    actor.require(Permission.PERSON_REVEAL)
    why = merging.require_reason(reason)
    root = selectors.card(person, actor).id
    value = _name(root) if field == "name" else _key(root, field)
    now = clock.now()
    Reveal.objects.create(person_id=root, field=field, by=actor.id, reason=why, at=now, until=now + SHOWN_FOR)
    governance.audit(actor, "person.reveal", "person", root, {"field": field, "reason": why})
    return Revealed(PersonId(root), field, value, now + SHOWN_FOR)


def _name(root: UUID) -> str:
    rows = sorted(Person.objects.filter(root=root).order_by("id"), key=lambda row: row.id != root)
    return next((row.name for row in rows if row.name), "")


def _key(root: UUID, field: str) -> str:
    try:
        wanted = UUID(field)
    except ValueError:
        raise Invalid("Name the field “name” or give the id of a key.") from None
    found = Identity.objects.filter(id=wanted, person__root=root).first()
    if found is None:
        raise NotFound
    return found.value
