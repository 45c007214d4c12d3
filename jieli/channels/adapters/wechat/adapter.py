from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urljoin

from django.conf import settings as django_settings

from jieli.channels import downloads, tokens
from jieli.channels.adapters.port import HookRequest, Received, Sending, Sent
from jieli.channels.adapters.wechat import crypto
from jieli.channels.adapters.wechat.api import Api, TokenRejected
from jieli.channels.adapters.wechat.push import Push
from jieli.channels.contracts import ChannelRef, Media, MessageType
from jieli.kernel import clock
from jieli.kernel.errors import Permanent, Transient

T = TypeVar("T")
_TOKEN_FRESH = timedelta(seconds=5)
_NEVER = (datetime.min.replace(tzinfo=UTC), "")
_LARGEST = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024}


class Adapter:
    can_send = True

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self._channel, self._settings = channel, settings
        self._envelope = (
            crypto.Envelope(settings["aes_key"], settings["app_id"]) if settings.get("aes_key") else None
        )
        self._push = Push(settings["token"], self._envelope, int(settings["tolerance_s"]))
        self._api = Api(settings["api_base"])
        self._seen = _NEVER

    def receive(self, request: HookRequest) -> Received:
        return self._push.receive(request)

    def send(self, sending: Sending) -> Sent:
        message = {"touser": sending.key} | self._body(sending)
        return Sent(self._with_token(lambda token: self._api.send(token, message)))

    def probe(self) -> list[str]:
        lines = []
        if self._envelope:
            self._envelope.open(self._envelope.close(b"probe"))
            lines.append("EncodingAESKey opens what it closed.")
        tokens.renew(self._channel.id, None, self._fetch)
        return [*lines, f"{self._settings['api_base']} gave an access token for {self._settings['app_id']}."]

    def _with_token(self, call: Callable[[str], T]) -> T:
        """A token that WeChat refuses is renewed once; other processes then find the new one."""
        token = self._token()
        try:
            return call(token)
        except TokenRejected:
            self._seen = _NEVER
            renewed = tokens.renew(self._channel.id, token, self._fetch)
        try:
            return call(renewed)
        except TokenRejected as error:
            raise Transient(f"a fresh access token is refused too: {error}", code="token") from None

    def _token(self) -> str:
        """Looked up once in a few seconds; one that was renewed elsewhere meanwhile is refused, and then looked up."""
        now, (at, token) = clock.now(), self._seen
        if not timedelta(0) <= now - at < _TOKEN_FRESH:
            token = tokens.current(self._channel.id, self._fetch)
            self._seen = (now, token)
        return token

    def _fetch(self) -> tuple[str, float]:
        try:
            return self._api.fetch_token(self._settings["app_id"], self._settings["app_secret"])
        except TokenRejected as error:
            raise Transient(f"{error}: app_secret is wrong", code="40001", retry_after_s=300.0) from None

    def _body(self, sending: Sending) -> dict[str, Any]:
        media = sending.media or Media()
        match sending.type:
            case MessageType.TEXT:
                return {"msgtype": "text", "text": {"content": sending.text}}
            case MessageType.IMAGE | MessageType.VOICE:
                return {
                    "msgtype": str(sending.type),
                    str(sending.type): {"media_id": self._uploaded(sending, media)},
                }
            case MessageType.VIDEO:
                video = {
                    "media_id": self._uploaded(sending, media),
                    "title": media.name,
                    "description": sending.text,
                }
                return {"msgtype": "video", "video": video}
            case MessageType.LINK:
                return {"msgtype": "text", "text": {"content": _linked(sending.text, media.url)}}
            case MessageType.CARD:
                return {"msgtype": "miniprogrampage", "miniprogrampage": _card(sending, media)}
            case _:
                raise Permanent(f"WeChat's customer service cannot send “{sending.type}”", code="type")

    def _uploaded(self, sending: Sending, media: Media) -> str:
        if media.media_id:
            return media.media_id
        kind = str(sending.type)
        file = downloads.fetch(urljoin(django_settings.JIELI_PUBLIC_URL, media.url), kind, _LARGEST[kind])
        name = media.name or file.name
        return self._with_token(lambda token: self._api.upload(token, kind, name, file.mime, file.content))


def _linked(text: str, url: str) -> str:
    return "\n".join(part for part in (text, url) if part)


def _card(sending: Sending, media: Media) -> dict[str, str]:
    """`url` is the page within the mini program, `name` its AppID, `media_id` the picture."""
    return {
        "title": sending.text,
        "appid": media.name,
        "pagepath": media.url,
        "thumb_media_id": media.media_id,
    }
