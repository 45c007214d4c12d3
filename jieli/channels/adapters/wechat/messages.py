"""WeChat's messages and events in our shape.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jieli.channels.contracts import Inbound, Media, MessageType, Sender
from jieli.kernel import crypto

_EVENT_NAMES = {"CLICK": "menu_click", "VIEW": "menu_view", "SCAN": "scan", "LOCATION": "location"}
_OF_EVERY_MESSAGE = frozenset(
    {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "MsgID", "Event", "Encrypt", "URL"}
)


class Fields:
    """The fields of one message; XML gives text only, JSON numbers as well."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def text(self, *names: str) -> str:
        for name in names:
            value = self.raw.get(name)
            if value not in (None, "") and not isinstance(value, dict | list):
                return str(value)
        return ""

    def rest(self) -> dict[str, str]:
        """What has no place of its own, by WeChat's names in lower case."""
        return _flat({k: v for k, v in self.raw.items() if k not in _OF_EVERY_MESSAGE})


@dataclass(frozen=True, slots=True)
class _Body:
    type: MessageType
    text: str = ""
    media: Media | None = None
    context: Mapping[str, str] = field(default_factory=dict)


def inbound(raw: Mapping[str, Any]) -> Inbound:
    """Raises `ValueError` for a message without sender, kind or time."""
    fields = Fields(raw)
    openid, kind = fields.text("FromUserName"), fields.text("MsgType")
    if not openid or not kind:
        raise ValueError("FromUserName or MsgType is missing")
    sender = Sender(openid, unionid=fields.text("UnionId", "UnionID", "unionid"))
    created = _time(fields.text("CreateTime"))
    if kind == "event":
        return _event(fields, sender, created)
    body = _BODIES.get(kind, _unknown)(fields)
    return Inbound(
        message_id=fields.text("MsgId") or _made_id(fields, openid, kind),
        sender=sender,
        type=body.type,
        sent_at=created,
        text=body.text,
        media=body.media,
        context=body.context,
    )


def _event(fields: Fields, sender: Sender, created: datetime) -> Inbound:
    name = fields.text("Event")
    if not name:
        raise ValueError("an event without a name")
    return Inbound(
        message_id=_made_id(fields, sender.key, name),
        sender=sender,
        type=MessageType.EVENT,
        sent_at=created,
        event=_EVENT_NAMES.get(name, name.lower()),
        context=fields.rest(),
    )


def _made_id(fields: Fields, openid: str, name: str) -> str:
    """WeChat says: tell events apart by FromUserName + CreateTime. Two menu clicks in one second differ in EventKey."""
    parts = (openid, fields.text("CreateTime"), name, fields.text("EventKey"))
    return crypto.blind_index("wechat.event", "\x1f".join(parts))


def _time(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("CreateTime is not a time in seconds") from None


def _text(fields: Fields) -> _Body:
    menu = fields.text("bizmsgmenuid")
    return _Body(MessageType.TEXT, fields.text("Content"), context={"menu_id": menu} if menu else {})


def _image(fields: Fields) -> _Body:
    return _Body(MessageType.IMAGE, media=Media(url=fields.text("PicUrl"), media_id=fields.text("MediaId")))


def _voice(fields: Fields) -> _Body:
    form = fields.text("Format").lower()
    media = Media(media_id=fields.text("MediaId"), mime=f"audio/{form}" if form else "")
    return _Body(MessageType.VOICE, fields.text("Recognition"), media)


def _video(fields: Fields) -> _Body:
    context = _given(thumb=fields.text("ThumbMediaId"))
    return _Body(MessageType.VIDEO, media=Media(media_id=fields.text("MediaId")), context=context)


def _location(fields: Fields) -> _Body:
    context = _given(
        latitude=fields.text("Location_X"), longitude=fields.text("Location_Y"), scale=fields.text("Scale")
    )
    return _Body(MessageType.LOCATION, fields.text("Label"), context=context)


def _link(fields: Fields) -> _Body:
    lines = (fields.text("Title"), fields.text("Description"))
    return _Body(MessageType.LINK, "\n".join(filter(None, lines)), Media(url=fields.text("Url")))


def _card(fields: Fields) -> _Body:
    context = _given(app_id=fields.text("AppId"), page=fields.text("PagePath"))
    media = Media(url=fields.text("ThumbUrl"), media_id=fields.text("ThumbMediaId"))
    return _Body(MessageType.CARD, fields.text("Title"), media, context)


def _file(fields: Fields) -> _Body:
    size = fields.text("FileTotalLen")
    media = Media(
        media_id=fields.text("FileKey"),
        name=fields.text("Title"),
        size=int(size) if size.isdecimal() and len(size) < 16 else 0,
    )
    return _Body(MessageType.FILE, fields.text("Description"), media, _given(md5=fields.text("FileMd5")))


def _unknown(fields: Fields) -> _Body:
    """A kind that WeChat added later: nothing is dropped, an agent sees that something came and what."""
    kind = fields.text("MsgType")
    return _Body(MessageType.TEXT, f"[{kind}]", context={"wechat_type": kind} | fields.rest())


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        key = f"{prefix}{name.lower()}"
        if isinstance(value, dict):
            found |= _flat(value, f"{key}.")
        elif value not in (None, "", []):
            found[key] = str(value)
    return found


_BODIES: dict[str, Callable[[Fields], _Body]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
    "miniprogrampage": _card,
    "file": _file,
}
