"""What happens to promises. Topics: `promises:all` for staff, `person:<id>` for the customer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jieli.kernel import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfPromise:
    promise: UUID
    person: UUID
    kind: str
    due_at: datetime
    matter: UUID | None
    conversation: UUID | None

    @property
    def subject(self) -> UUID:
        return self.promise

    @property
    def topics(self) -> tuple[str, ...]:
        return ("promises:all", f"person:{self.person}")


@outbox.event("promises.made")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(_OfPromise):
    pass


@outbox.event("promises.kept")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(_OfPromise):
    pass


@outbox.event("promises.broken")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(_OfPromise):
    """`by_deadline`: nobody said so, its time ran out. Whoever holds the matter owes the customer an answer."""

    by_deadline: bool
    compensation: str


@outbox.event("promises.withdrawn")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWithdrawn(_OfPromise):
    pass


@outbox.event("promises.extended")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseExtended(_OfPromise):
    was_due_at: datetime


@outbox.event("promises.compensated")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCompensated(_OfPromise):
    pass


@outbox.event("promises.due_soon")
@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDueSoon(_OfPromise):
    """Escalate the matter (if there is one): `severity_by` is by how many levels its priority should rise."""

    severity_by: int
