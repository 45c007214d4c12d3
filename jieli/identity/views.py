from uuid import UUID

from jieli.identity.contracts import IdentityId, JourneyLine, MergeId, MergeView, PersonId
from jieli.identity.models import JourneyEntry, Merge


def merge_view(row: Merge) -> MergeView:
    return MergeView(
        id=MergeId(row.id),
        survivor=PersonId(row.survivor_id),
        absorbed=PersonId(row.absorbed_id),
        identities=tuple(IdentityId(UUID(one)) for one in row.identities),
        by=row.by_name,
        why=row.why,
        automatic=row.automatic,
        at=row.at,
        undone_at=row.undone_at,
    )


def journey_line(row: JourneyEntry) -> JourneyLine:
    return JourneyLine(
        id=row.id,
        person=PersonId(row.person),
        at=row.at,
        kind=row.kind,
        code=row.code,
        params=row.params,
        ref=row.ref,
        module=row.module,
    )
