from dataclasses import dataclass
from uuid import UUID

from jieli.kernel import outbox


@outbox.event("live.session_changed")
@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session, its items or its host's promises were added or changed."""

    session: UUID
    key: str

    @property
    def subject(self) -> UUID:
        return self.session

    @property
    def topics(self) -> tuple[str, ...]:
        return ("live:sessions",)
