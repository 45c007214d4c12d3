from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jieli.kernel.outbox import event

DESK = "desk"


@event("channels.call_rang")
@dataclass(frozen=True, slots=True, kw_only=True)
class CallRang:
    """The telephone rings: `caller` is masked, `person` is known when the number wrote or called before.

    `inbox` is the durable row of the call; `extension` the agent's telephone, empty while it waits in a queue.
    """

    call: str
    inbox: UUID
    channel: UUID
    at: datetime
    caller: str = ""
    person: UUID | None = None
    extension: str = ""

    @property
    def subject(self) -> UUID:
        return self.inbox

    @property
    def topics(self) -> Iterable[str]:
        return (DESK,)
