"""The open hook's messages: one JSON object, or one a line (NDJSON), checked as a whole before any is taken."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from jieli.channels import moments, texts
from jieli.channels.contracts import Inbound, Media, MessageType, Sender
from jieli.channels.errors import Refused

MOST_LINES = 1000
_LONGEST_KEY = 200


class _From(msgspec.Struct):
    id: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    account: str | None = None
    unionid: str | None = None
    device: str | None = None


class _Message(msgspec.Struct):
    message_id: str
    sender: _From
    type: MessageType = MessageType.TEXT
    text: str | None = None
    url: str | None = None
    media_id: str | None = None
    mime: str | None = None
    name: str | None = None
    event: str | None = None
    sent_at: datetime | int | float | None = None
    context: dict[str, str | int | float | bool | None] | None = None


def read(body: bytes, content_type: str) -> tuple[tuple[Inbound, ...], bool]:
    """The messages, and whether it was a single one. Raises `Refused` naming every line that cannot be used."""
    if "ndjson" in content_type:
        return _lines(body), False
    try:
        return (_inbound(body),), True
    except ValueError as error:
        if str(error).startswith(texts.TRAILING):  # a second object follows the first
            return _lines(body), False
        raise refusal([(1, str(error))]) from None


def _lines(body: bytes) -> tuple[Inbound, ...]:
    found: list[Inbound] = []
    wrong: list[tuple[int, str]] = []
    for number, line in _numbered(body):
        if len(found) + len(wrong) >= MOST_LINES:
            raise Refused("too_many", 413, f"send at most {MOST_LINES} lines at once")
        try:
            found.append(_inbound(line))
        except ValueError as error:
            wrong.append((number, str(error)))
    if wrong or not found:
        raise refusal(wrong or [(1, "there is no message")])
    return tuple(found)


def _numbered(body: bytes) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip())


def refusal(wrong: list[tuple[int, str]]) -> Refused:
    shown = [{"line": number, "message": message} for number, message in wrong[:100]]
    told = "; ".join(f"line {number}: {message}" for number, message in wrong[:3])
    return Refused("malformed", 422, f"nothing was taken: {told}", shown)


def _inbound(body: bytes) -> Inbound:
    said: _Message = texts.read_json(body, _Message)
    key = said.sender.id.strip()
    if not key or len(key) > _LONGEST_KEY:
        raise ValueError(f"sender.id needs 1 to {_LONGEST_KEY} characters")
    if not said.message_id.strip():
        raise ValueError("message_id is empty; it tells a repeated delivery from a new message")
    if said.type in {MessageType.EVENT, MessageType.CALL} and not said.event:
        raise ValueError(f"a message of type {said.type} needs “event”")
    return Inbound(
        message_id=said.message_id,
        sender=_sender(said.sender, key),
        type=said.type,
        sent_at=moments.read(said.sent_at),
        text=said.text or "",
        media=_media(said),
        event=said.event or "",
        context={name: _plain(value) for name, value in (said.context or {}).items() if value is not None},
    )


def _sender(said: _From, key: str) -> Sender:
    return Sender(
        key,
        said.name or "",
        said.phone or "",
        said.email or "",
        said.account or "",
        said.unionid or "",
        said.device or "",
    )


def _media(said: _Message) -> Media | None:
    if not (said.url or said.media_id):
        return None
    return Media(url=said.url or "", media_id=said.media_id or "", mime=said.mime or "", name=said.name or "")


def _plain(value: str | float | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
