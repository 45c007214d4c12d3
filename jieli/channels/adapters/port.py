"""What an adapter is: a folder with `manifest.toml`, `rules.toml` and `adapter.py`, found by its manifest.

`adapter.py` defines `Adapter`, one instance of which is bound to one channel and its settings. It says what a hook
request means and carries messages out; it raises `Refused` for requests, and `Permanent`, `Transient`,
`WindowClosed` or `QuotaUsed` for sends (`channels.errors`). It neither reads nor writes tables of others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from jieli.channels.contracts import Accepted, ChannelRef, Inbound, Media, MessageType
from jieli.channels.policy import GateRules

LARGEST_BODY = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a channel; `hint` says where to find it."""

    name: str
    title: Mapping[str, str]
    secret: bool = False
    required: bool = True
    default: str = ""
    pattern: str = ""
    hint: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`namespace` names the setting that keeps sender keys apart; `by_socket`: sent by the open socket.

    `answer_within_s`: the platform gives up and delivers again after that time.
    """

    kind: str
    title: Mapping[str, str]
    settings: tuple[Setting, ...]
    rules: GateRules
    namespace: str = ""
    by_socket: bool = False
    answer_within_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRequest:
    """Header names are in lower case; of repeated query keys the first counts."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    type: bytes = b"text/plain; charset=utf-8"


Answer = Callable[[Sequence[Accepted]], Response]


def _nothing(_: Sequence[Accepted]) -> Response:
    return Response()


@dataclass(frozen=True, slots=True)
class Received:
    """What a request brought; `answer` is given once all of it is durable."""

    inbound: tuple[Inbound, ...] = ()
    answer: Answer = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message on its way out; `key` is the contact's sender key on this channel."""

    id: UUID
    key: str
    type: MessageType
    text: str
    media: Media | None
    by: str
    conversation: UUID
    reply_to_event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """`platform_id` as the platform calls the message, if it does; `delivered` if it says so at once."""

    platform_id: str = ""
    delivered: bool = False


class Adapter(Protocol):
    """`can_send` is False where these settings only let the channel receive."""

    can_send: bool

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        """Raises `ValueError`, saying what to mend, for settings that cannot work."""

    def receive(self, request: HookRequest) -> Received: ...

    def send(self, sending: Sending) -> Sent: ...

    def probe(self) -> list[str]:
        """A real round trip; one line per step. Raises `Permanent` or `Transient`, saying what to mend."""
        ...
