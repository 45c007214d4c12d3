"""WeChat's server API: access token, customer-service messages, temporary media.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
"""

from typing import Any
from urllib.parse import urlencode

import msgspec

from jieli.channels import requests
from jieli.channels.errors import QuotaUsed, WindowClosed
from jieli.kernel.errors import Permanent, Transient

_TOKEN_INVALID = frozenset({40001, 40014, 42001})
_NOT_NOW = {
    45015: "the 48 hours after the customer's last act are over",
    43004: "the customer does not follow us",
}
_QUOTA = frozenset({45047})
_LATER = {-1: 5.0, 45009: 3600.0, 45011: 60.0, 50002: 3600.0}
_MEND = {
    40013: "app_id is wrong",
    40125: "app_secret is wrong; if it was reset, enter the new one",
    40164: "this server's address is not in WeChat's IP white list",
    48001: "this account may not use the customer-service API",
    41002: "app_id is missing",
    41004: "app_secret is missing",
}
_MEND_PAUSE_S = 300.0


class TokenRejected(Exception):
    """The access token is not, or no longer, valid."""


class Api:
    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def fetch_token(self, app_id: str, secret: str) -> tuple[str, float]:
        """A fresh access token and for how many seconds it holds."""
        who = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
        said = self._call("GET", "/cgi-bin/token", who)
        token = said.get("access_token")
        if not isinstance(token, str) or not token:
            raise Transient("WeChat gave no access token", code="no_token")
        return token, float(said.get("expires_in") or 7200)

    def send(self, token: str, message: dict[str, Any]) -> str:
        """Returns WeChat's id of the message, if it gives one. Text goes as UTF-8: WeChat shows \\u escapes as they are."""
        said = self._call(
            "POST",
            "/cgi-bin/message/custom/send",
            {"access_token": token},
            body=msgspec.json.encode(message),
            headers={"content-type": "application/json; charset=utf-8"},
        )
        return str(said.get("msgid") or "")

    def upload(self, token: str, kind: str, name: str, mime: str, content: bytes) -> str:
        """Temporary media, kept by WeChat for three days; returns its media_id."""
        where = {"access_token": token, "type": kind}
        said = self._call("POST", "/cgi-bin/media/upload", where, fields={"media": (name, content, mime)})
        return str(said["media_id"])

    def _call(self, method: str, path: str, query: dict[str, str], **more: Any) -> dict[str, Any]:
        response = requests.ask(method, f"{self._base}{path}?{urlencode(query)}", **more)
        if response.status >= 400:
            raise Transient(f"WeChat answered {response.status}", code="unreachable")
        try:
            said = msgspec.json.decode(response.data, type=dict[str, Any])
        except msgspec.DecodeError:
            raise Transient("WeChat answered with something else than JSON", code="unreadable") from None
        _raise_for(int(said.get("errcode") or 0), str(said.get("errmsg") or ""))
        return said


def _raise_for(code: int, message: str) -> None:
    if code == 0:
        return
    said = f"WeChat {code}: {message}"
    if code in _TOKEN_INVALID:
        raise TokenRejected(said)
    if code in _NOT_NOW:
        raise WindowClosed(f"{said} ({_NOT_NOW[code]})", code=str(code))
    if code in _QUOTA:
        raise QuotaUsed(said, code=str(code))
    if code in _LATER:
        raise Transient(said, code=str(code), retry_after_s=_LATER[code])
    if code in _MEND:
        raise Transient(f"{said}: {_MEND[code]}", code=str(code), retry_after_s=_MEND_PAUSE_S)
    raise Permanent(said, code=str(code))
