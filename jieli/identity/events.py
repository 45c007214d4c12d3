from dataclasses import dataclass
from uuid import UUID

from jieli.kernel.outbox import event


@event("person.merged")
@dataclass(frozen=True, slots=True)
class PersonsMerged:
    """`absorbed` is from now on found as `subject`."""

    subject: UUID
    absorbed: UUID
    merge: UUID

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"person:{self.subject}", f"person:{self.absorbed}")


@event("person.parted")
@dataclass(frozen=True, slots=True)
class PersonsParted:
    """A merge was undone or a key unlinked: `restored` stands for itself again."""

    subject: UUID
    restored: UUID
    merge: UUID | None

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"person:{self.subject}", f"person:{self.restored}")


@event("person.conflict")
@dataclass(frozen=True, slots=True)
class ConflictFound:
    subject: UUID
    conflict: UUID

    @property
    def topics(self) -> tuple[str, ...]:
        return ("conflicts:all",)
