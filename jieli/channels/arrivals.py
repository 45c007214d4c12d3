"""From an inbound message to the row that makes it durable."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from jieli.channels import texts
from jieli.channels.contracts import LANES, ChannelRef, Inbound, Media, Sender
from jieli.kernel import crypto

_LONGEST_DEDUPE = 120
_LONGEST_KEY = 800
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Inbound).decode


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row of the inbox but for its id, which the committer gives."""

    channel: ChannelRef
    dedupe_key: str
    sender_index: str
    lane: int
    payload: str
    received_at: datetime
    inbound: Inbound


def arrival(channel: ChannelRef, inbound: Inbound, now: datetime) -> Arrival:
    kept = normalised(inbound)
    index = sender_index(channel, kept.sender.key)
    return Arrival(
        channel,
        _dedupe_key(kept.message_id),
        index,
        int(index[:8], 16) % LANES,
        crypto.seal(_encode(kept).decode()),
        now,
        kept,
    )


def sender_index(channel: ChannelRef, key: str) -> str:
    """Finds a sender of a channel without storing who it is."""
    return crypto.blind_index(f"sender:{channel.id}", key)


def opened(payload: str) -> Inbound:
    return _decode(crypto.unseal(payload))


def normalised(inbound: Inbound) -> Inbound:
    """Storable everywhere, and bounded; `context["clipped"]` tells the bytes of a text that was cut off."""
    text = texts.storable(inbound.text)
    kept = texts.clipped(text)
    context = texts.storable_context(inbound.context) if inbound.context else {}
    if kept is not text:
        context["clipped"] = str(len(text.encode()))
    media = inbound.media
    return replace(
        inbound,
        message_id=texts.storable(inbound.message_id),
        sender=_sender(inbound.sender),
        text=kept,
        event=_bounded(inbound.event),
        media=media and _media(media),
        context=context,
    )


def _media(media: Media) -> Media:
    return Media(
        url=texts.storable(media.url),
        media_id=texts.storable(media.media_id),
        mime=texts.storable(media.mime),
        size=media.size,
        name=texts.storable(media.name),
    )


def _sender(sender: Sender) -> Sender:
    return Sender(
        _bounded(sender.key),
        _bounded(sender.name),
        _bounded(sender.phone),
        _bounded(sender.email),
        _bounded(sender.account),
        _bounded(sender.unionid),
        _bounded(sender.device),
    )


def _bounded(text: str) -> str:
    return text and texts.clipped(texts.storable(text), _LONGEST_KEY)


def _dedupe_key(message_id: str) -> str:
    if len(message_id) <= _LONGEST_DEDUPE:
        return message_id
    return "sha256:" + hashlib.sha256(message_id.encode()).hexdigest()
