"""Who acts: a person at a desk, the bot, a customer, or the system itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from jieli.kernel.errors import Forbidden


class ActorKind(StrEnum):
    HUMAN = "human"
    BOT = "bot"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """`permissions` are names such as `conversation.reply`; a system actor may do everything."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    teams: frozenset[UUID] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises `Forbidden` unless the actor holds the permission."""
        if not self.may(permission):
            raise Forbidden(
                f"This needs the permission “{permission}”; ask whoever manages roles.", permission=permission
            )


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="system")
BOT = Actor(
    kind=ActorKind.BOT,
    name="bot",
    permissions=frozenset(
        {"knowledge.read", "supply.read", "promise.record", "person.read", "conversation.read"}
    ),
)
