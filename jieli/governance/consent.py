from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from jieli.governance.contracts import Purpose, Statement
from jieli.governance.models import Consent
from jieli.governance.policy import allowed_without_statement
from jieli.kernel import clock


def state(
    person: UUID,
    purpose: Purpose,
    granted: bool,
    *,
    source: str,
    channel: str = "",
    at: datetime | None = None,
) -> None:
    """Keep what a person said; an empty `channel` speaks for all channels."""
    Consent.objects.create(
        person=person, purpose=purpose, channel=channel, granted=granted, source=source, at=at or clock.now()
    )


def consented(person: UUID, purpose: Purpose, channel: str, *, also: Collection[UUID] = ()) -> bool:
    """Whether a message for this purpose may go out on this channel. The newest statement counts, whether it was
    about this channel or about all; `also` are further ids of the same person (merged ones)."""
    said = (
        Consent.objects.filter(person__in={person, *also}, purpose=purpose, channel__in={channel, ""})
        .order_by("-at", "-id")
        .values_list("granted", flat=True)
        .first()
    )
    return allowed_without_statement(purpose) if said is None else said


def statements(person: UUID, *, also: Collection[UUID] = ()) -> list[Statement]:
    """All that a person said, newest first."""
    rows = Consent.objects.filter(person__in={person, *also}).order_by("-at", "-id")
    return [Statement(r.person, Purpose(r.purpose), r.channel, r.granted, r.source, r.at) for r in rows]
