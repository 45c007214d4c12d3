from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from jieli.governance import facade as governance
from jieli.identity import normalise, selectors
from jieli.identity.contracts import JourneyLine, NewJourneyEntry
from jieli.identity.models import JourneyEntry
from jieli.identity.views import journey_line
from jieli.kernel import bulk
from jieli.kernel.actor import Actor

_PAGE = 100


def append(entries: Sequence[NewJourneyEntry]) -> None:
    """Add to persons' journeys in the caller's transaction; personal data in parameters is masked."""
    rows = [
        JourneyEntry(
            person=one.person,
            at=one.at,
            kind=one.kind,
            code=one.code,
            params=_masked(one.params),
            ref=one.ref[:120],
            module=one.module,
            once=one.once[:120] or None,
        )
        for one in entries
    ]
    bulk.insert([row for row in rows if row.once is None])
    JourneyEntry.objects.bulk_create([row for row in rows if row.once is not None], ignore_conflicts=True)


def _masked(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: governance.mask_text(normalise.clean(value)) if isinstance(value, str) else value
        for name, value in params.items()
    }


def journey(
    person: UUID,
    actor: Actor,
    kinds: Collection[str] = (),
    before: datetime | None = None,
    *,
    limit: int = _PAGE,
) -> list[JourneyLine]:
    """The person's way, newest first, over every id the person ever had. Raises `NotFound`."""
    root = selectors.card(person, actor).id
    rows = JourneyEntry.objects.filter(person__in=selectors.family(root))
    if kinds:
        rows = rows.filter(kind__in=[normalise.clean(one) for one in kinds])
    if before:
        rows = rows.filter(at__lt=before)
    return [journey_line(row) for row in rows.order_by("-at", "-id")[:limit]]
