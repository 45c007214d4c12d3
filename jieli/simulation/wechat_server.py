"""WeChat's server API as its documents describe it, without a network: tokens, windows, quotas, media.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_access_token.html
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

_TOKEN_HOLDS = timedelta(seconds=7200)
_LONGEST_TEXT = 2048
_MESSAGE = (timedelta(hours=48), 5)
_ACTS = {
    "subscribe": (timedelta(minutes=1), 3),
    "SCAN": (timedelta(minutes=1), 3),
    "CLICK": (timedelta(minutes=1), 3),
    "user_enter_tempsession": (timedelta(minutes=1), 2),
}
Answer = dict[str, Any]


@dataclass(slots=True)
class _Window:
    closes_at: datetime
    left: int


@dataclass(slots=True)
class _App:
    """`windows`: openid → kind of act → what may still be sent because of it."""

    secret: str
    token: str = ""
    token_until: datetime | None = None
    windows: dict[str, dict[str, _Window]] = field(default_factory=dict)


class WeChatServer:
    """One for all apps, as api.weixin.qq.com is."""

    def __init__(self, apps: Mapping[str, str]) -> None:
        """`apps`: AppID → AppSecret."""
        self._apps = {app: _App(secret) for app, secret in apps.items()}
        self.refused: dict[int, int] = {}

    def heard(self, app: str, openid: str, event: str, at: datetime) -> None:
        """The customer wrote, or did something that lets the account write back for a while."""
        if event == "unsubscribe":
            self._apps[app].windows[openid] = {}
        elif rule := _ACTS.get(event) if event else _MESSAGE:
            lasts, most = rule
            self._apps[app].windows.setdefault(openid, {})[event] = _Window(at + lasts, most)

    def token(self, app: str, secret: str, now: datetime) -> Answer:
        """A fresh token; the one before it is void at once (WeChat grants it five more minutes, or none)."""
        known = self._apps.get(app)
        if known is None:
            return self._error(40013, "invalid appid")
        if known.secret != secret:
            return self._error(40125, "invalid appsecret")
        known.token, known.token_until = secrets.token_hex(40), now + _TOKEN_HOLDS
        return {"access_token": known.token, "expires_in": int(_TOKEN_HOLDS.total_seconds())}

    def send(self, token: str, message: Mapping[str, Any], now: datetime) -> tuple[str, Answer]:
        """The app that sent, and WeChat's answer; its `errcode` is 0 when the customer gets the message."""
        app, refused = self._whose(token, now)
        if refused:
            return app, refused
        if error := _unusable(message):
            return app, self._error(*error)
        windows = self._apps[app].windows.get(str(message.get("touser", "")), {}).values()
        still = [one for one in windows if now < one.closes_at]
        if not still:
            return app, self._error(45015, "response out of time limit or subscription is canceled")
        usable = min((one for one in still if one.left), key=lambda one: one.closes_at, default=None)
        if usable is None:
            return app, self._error(45047, "out of response count limit")
        usable.left -= 1
        return app, {"errcode": 0, "errmsg": "ok"}

    def upload(self, token: str, kind: str, size: int, now: datetime) -> Answer:
        _, refused = self._whose(token, now)
        if refused:
            return refused
        if not size:
            return self._error(41005, "media data missing")
        return {"type": kind, "media_id": f"sim-{secrets.token_hex(16)}", "created_at": int(now.timestamp())}

    def memory(self) -> Answer:
        """What is still to be known after a restart, as plain JSON."""
        return {
            name: {
                openid: {act: [one.closes_at.isoformat(), one.left] for act, one in held.items()}
                for openid, held in app.windows.items()
            }
            for name, app in self._apps.items()
        }

    def remember(self, memory: Answer) -> None:
        for name, known in memory.items():
            if name not in self._apps:
                continue
            for openid, held in known.items():
                self._apps[name].windows[openid] = {
                    act: _Window(datetime.fromisoformat(until), left) for act, (until, left) in held.items()
                }

    def forget_tokens(self) -> None:
        """As when somebody else asked for a token: the next call is refused with 40001."""
        for app in self._apps.values():
            app.token = ""

    def _whose(self, token: str, now: datetime) -> tuple[str, Answer | None]:
        for name, app in self._apps.items():
            if token and token == app.token and app.token_until:
                return name, None if now < app.token_until else self._error(42001, "access_token expired")
        return "", self._error(40001, "invalid credential, access_token is invalid or not latest")

    def _error(self, code: int, message: str) -> Answer:
        self.refused[code] = self.refused.get(code, 0) + 1
        return {"errcode": code, "errmsg": f"{message} (simulated)"}


def _unusable(message: Mapping[str, Any]) -> tuple[int, str] | None:
    if not message.get("touser"):
        return 40003, "invalid openid"
    if message.get("msgtype") != "text":
        return None
    text = (message.get("text") or {}).get("content", "")
    if not text:
        return 44004, "empty content"
    return (45002, "content size out of limit") if len(text.encode()) > _LONGEST_TEXT else None
