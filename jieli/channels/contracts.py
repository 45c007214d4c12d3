"""What crosses the door of channels: messages in one shape, whatever platform they come from or go to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

ChannelId = NewType("ChannelId", UUID)
ContactId = NewType("ContactId", UUID)
InboxId = NewType("InboxId", UUID)
OutgoingId = NewType("OutgoingId", UUID)

LANES = 64
"""One sender's messages are all in one lane of the inbox, so that one worker takes them in order."""

MESSAGE = ""
"""The `event` of an ordinary message; anything else names what the customer did ("menu_click")."""


class MessageType(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LINK = "link"
    LOCATION = "location"
    CARD = "card"
    FILE = "file"
    EVENT = "event"
    CALL = "call"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"
    HELD = "held"


class SentBy(StrEnum):
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """`namespace` says within what a sender key is unique: WeChat's AppID, else the channel's name."""

    id: ChannelId
    kind: str
    name: str
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, recording or file: by address, or by the platform's own id of it. `size` in bytes, 0 if unknown."""

    url: str = ""
    media_id: str = ""
    mime: str = ""
    size: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, as the channel knows them: `key` is stable within the channel's namespace (openid, phone, …)."""

    key: str
    name: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""
    unionid: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message or event from a customer; `message_id` is the same when the platform delivers it again."""

    message_id: str
    sender: Sender
    type: MessageType
    sent_at: datetime
    text: str = ""
    media: Media | None = None
    event: str = MESSAGE
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A durable inbound that waits to be handled; `attempts` failed before."""

    id: InboxId
    channel: ChannelRef
    inbound: Inbound
    received_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """Durable. A message delivered again gets the id it got the first time."""

    id: InboxId
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ContactKey:
    channel: ChannelId
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A customer did something on a channel: it keeps the contact fresh and may open a window to write back."""

    contact: ContactKey
    person: UUID
    at: datetime
    event: str = MESSAGE


@dataclass(frozen=True, slots=True)
class WindowView:
    """How much may still be written to a contact, and until when."""

    closes_at: datetime
    left: int
    limit: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """`window` is None where the channel has none (see `open`) or where it is shut."""

    id: ContactId
    channel: ChannelRef
    person: UUID
    masked: str
    last_inbound_at: datetime | None
    open: bool
    window: WindowView | None
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutgoing:
    """`fallback`: may go to another contact of the same person when this one cannot be written to."""

    id: OutgoingId
    contact: ContactId
    by: SentBy
    conversation: UUID
    type: MessageType = MessageType.TEXT
    text: str = ""
    media: Media | None = None
    reply_to_event: str = ""
    fallback: bool = True


@dataclass(frozen=True, slots=True)
class WordHit:
    """A sensitive word in a text; `at` is the index of its first character."""

    word: str
    at: int
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """What the gate decided: `contact` and `channel` are where it really goes, `reason` is a `GateReason` code."""

    outgoing: OutgoingId
    allowed: bool
    reason: str
    channel: ChannelId
    contact: ContactId
    state: DeliveryState
    words: tuple[WordHit, ...] = ()


class GateReason(StrEnum):
    FREE = "free"
    IN_WINDOW = "in_window"
    FALLBACK = "fallback"
    WINDOW_CLOSED = "window_closed"
    QUOTA_USED = "quota_used"
    RESERVED_FOR_HUMAN = "reserved_for_human"
    SENSITIVE_WORD = "sensitive_word"
    MUTED = "muted"
    CHANNEL_OFF = "channel_off"
    CANNOT_SEND = "cannot_send"
    TYPE_NOT_SUPPORTED = "type_not_supported"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    UNKNOWN_CONTACT = "unknown_contact"
    SUPERSEDED = "superseded"
    HELD_TOO_LONG = "held_too_long"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outgoing message changed its state; `reason` says why it did not reach the customer."""

    outgoing: OutgoingId
    conversation: UUID
    state: DeliveryState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingView:
    id: OutgoingId
    contact: ContactId
    channel: ChannelRef
    conversation: UUID
    by: SentBy
    state: DeliveryState
    reason: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """`health` is "ok", "warning" or "off" with `why` in words; counts are of the last 24 hours."""

    id: ChannelId
    kind: str
    name: str
    enabled: bool
    hook: str
    health: str
    why: str
    received: int
    sent: int
    failed: int
    waiting: int
    last_inbound_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelTest:
    """What a real round trip with a channel showed, one line per step; `mend` says what to do if it failed."""

    ok: bool
    lines: tuple[str, ...]
    mend: str = ""


@dataclass(frozen=True, slots=True)
class IntakeCounts:
    """Rows of the inbox: waiting to be handled, set aside after repeated failure, all; and refusals by reason."""

    pending: int
    dead: int
    total: int
    oldest_pending_at: datetime | None
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of the web chat; `token` is what the browser keeps, `key` the sender key of their messages."""

    key: str
    token: str
    account: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One setting of a kind of channel; titles and hints by language (zh, en)."""

    name: str
    title: Mapping[str, str]
    hint: Mapping[str, str]
    secret: bool
    required: bool
    default: str
