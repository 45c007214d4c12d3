"""Matters as their customer may see them: nobody's full name, no internal notes, no reasons written for staff."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from jieli.governance import facade as governance
from jieli.governance.contracts import StaffId
from jieli.relay import policy, selectors
from jieli.relay.contracts import Handover, Holder, HolderKind, MatterState, MatterStatus, Passed

_STAFF = (HolderKind.AGENT, HolderKind.EXPERT, HolderKind.ENGINEER)


def status_of(person: UUID, *, only_open: bool = False) -> list[MatterStatus]:
    """All matters of a person, newest first, each with its history."""
    return statuses([person], only_open=only_open)


def statuses(persons: Iterable[UUID], *, only_open: bool = False) -> list[MatterStatus]:
    """As `status_of`, for all the ids under which a person's matters may stand."""
    return shown(selectors.matters_of(persons, only_open=only_open))


def shown(matters: Sequence[MatterState]) -> list[MatterStatus]:
    histories = selectors.handovers(matter.id for matter in matters)
    names = _names(
        {matter.holder for matter in matters}
        | {handover.to_holder for history in histories.values() for handover in history}
    )
    return [_status(matter, histories[matter.id], names) for matter in matters]


def _status(matter: MatterState, history: Sequence[Handover], names: Mapping[Holder, str]) -> MatterStatus:
    return MatterStatus(
        id=matter.id,
        kind=matter.kind,
        title=matter.title if policy.title_is_for_customers(matter.kind) else "",
        open=matter.open,
        holder=matter.holder.kind,
        holder_name=names.get(matter.holder, ""),
        next_step=matter.next_step if matter.open else "",
        due_at=matter.due_at if matter.open else None,
        opened_at=matter.opened_at,
        closed_at=matter.closed_at,
        history=tuple(
            Passed(
                at=handover.at,
                holder=handover.to_holder.kind,
                holder_name=names.get(handover.to_holder, ""),
                until=handover.ended_at,
            )
            for handover in history
        ),
    )


def _names(holders: Iterable[Holder]) -> dict[Holder, str]:
    """Staff by the name that they show to customers; others are told by their kind."""
    staff = {found: holder for holder in holders if holder.kind in _STAFF and (found := _uuid(holder.id))}
    people = governance.people(StaffId(id_) for id_ in staff) if staff else {}
    return {staff[id_]: person.name for id_, person in people.items()}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
