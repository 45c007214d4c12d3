"""Customers' acts as the requests by which each kind of platform delivers them: signed, and encrypted where set up so."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from xml.sax.saxutils import escape

import msgspec

from jieli.channels import facade as channels
from jieli.channels.contracts import ChannelRef
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Invalid
from jieli.simulation.contracts import Said

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Request:
    """`query` is encoded already."""

    path: str
    body: bytes
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Hook(Protocol):
    """`answer_s`: how long this platform waits for an answer before it takes the delivery as failed."""

    name: str
    answer_s: float

    def request(self, said: Said, now: datetime) -> Request: ...
    def took(self, status: int, body: bytes) -> bool: ...


def hook(name: str) -> Hook:
    """The other side of a channel, with its secrets. Raises `ChannelUnknown`, `Invalid` for kinds without a hook."""
    channel = channels.channel_named(name)
    if channel.kind not in _HOOKS:
        raise Invalid(f"“{name}” is a {channel.kind} channel; nothing is delivered to it over a hook.")
    return _HOOKS[channel.kind](channel, channels.secrets_of(SYSTEM, name))


class WeChatHook:
    """Each delivery is signed and encrypted afresh, as WeChat does; MsgId and CreateTime stay the same."""

    answer_s = 5.0

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self.name, self._settings = channel.name, settings

    def request(self, said: Said, now: datetime) -> Request:
        query, body = channels.wechat_push(self._settings, push_xml(said), at=now, nonce=secrets.token_hex(8))
        return Request(f"/hooks/wechat/{self.name}", body, query, {"content-type": "text/xml"})

    def took(self, status: int, body: bytes) -> bool:
        return status == 200 and body in (b"success", b"")


def push_xml(said: Said) -> str:
    """The plain message as WeChat writes it; signs that XML cannot carry are left out, as WeChat leaves them out."""
    fields = {
        "ToUserName": "gh_jieli",
        "FromUserName": said.key,
        "CreateTime": str(int(said.at.timestamp())),
        **_content(said),
    }
    tags = (f"<{name}>{escape(_NOT_XML.sub('', value))}</{name}>" for name, value in fields.items())
    return f"<xml>{''.join(tags)}</xml>"


def _content(said: Said) -> dict[str, str]:
    if said.event:
        return {"MsgType": "event", "Event": said.event, "EventKey": said.context.get("event_key", "")}
    if said.image:
        picture = f"https://img.example.com/{said.id}.jpg"
        return {"MsgType": "image", "PicUrl": picture, "MediaId": f"sim-{said.id}", "MsgId": said.id}
    return {"MsgType": "text", "Content": said.text, "MsgId": said.id}


class OpenHook:
    answer_s = 10.0

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self.name, self._secret = channel.name, settings["secret"]

    def request(self, said: Said, now: datetime) -> Request:
        sender = {"id": said.key, "name": said.name, "phone": said.phone, "account": said.account}
        kind = "event" if said.event else "image" if said.image else "text"
        message = {
            "message_id": said.id,
            "sender": {name: value for name, value in sender.items() if value},
            "type": kind,
            "text": said.text,
            "event": said.event or None,
            "url": f"https://img.example.com/{said.id}.jpg" if said.image else None,
            "sent_at": said.at.isoformat(),
            "context": dict(said.context),
        }
        return _signed(f"/hooks/open/{self.name}", self._secret, message, now)

    def took(self, status: int, body: bytes) -> bool:
        return status == 202


class CallHook:
    """A call centre's events: `context` holds call_id and what else the event carries."""

    answer_s = 10.0

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self.name, self._secret = channel.name, settings["secret"]

    def request(self, said: Said, now: datetime) -> Request:
        call: dict[str, object] = {
            "event": said.event,
            "caller": said.key,
            "at": said.at.isoformat(),
            "transcript": said.text,
            **said.context,
        }
        if "duration_s" in said.context:
            call["duration_s"] = float(said.context["duration_s"])
        return _signed(f"/hooks/cti/{self.name}", self._secret, call, now)

    def took(self, status: int, body: bytes) -> bool:
        return status == 202


def _signed(path: str, secret: str, message: Mapping[str, object], now: datetime) -> Request:
    body = msgspec.json.encode(message)
    header, value = channels.signed_header(secret, body, now)
    return Request(path, body, headers={header: value, "content-type": "application/json"})


_HOOKS: Mapping[str, Callable[[ChannelRef, Mapping[str, str]], Hook]] = {
    "wechat": WeChatHook,
    "open": OpenHook,
    "cti": CallHook,
}
