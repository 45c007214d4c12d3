"""The message push: who may speak to us, and what it says. GET proves the address, POST brings messages."""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from jieli.channels import texts
from jieli.channels.adapters.port import HookRequest, Received, Response
from jieli.channels.adapters.wechat import crypto, messages
from jieli.channels.adapters.wechat.xml import read_xml
from jieli.channels.errors import Refused

_SUCCESS = Response(200, b"success")
_REMEMBERED = 50_000


class Push:
    def __init__(self, token: str, envelope: crypto.Envelope | None, tolerance_s: int) -> None:
        self._token, self._envelope, self._tolerance_s = token, envelope, tolerance_s
        self._seen: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def receive(self, request: HookRequest) -> Received:
        if request.method == "GET":
            return self._verified_address(request)
        if request.method != "POST":
            raise Refused("method", 405, "WeChat sends GET and POST")
        raw = _read(request.body)
        if "Encrypt" in raw:
            raw = self._opened(request, str(raw["Encrypt"]))
        elif self._envelope:
            raise Refused("not_encrypted", 403, "aes_key is set, so only safe or compatible mode is accepted")
        else:
            self._check_plain(request)
        try:
            return Received((messages.inbound(raw),), lambda _: _SUCCESS)
        except ValueError as error:
            raise Refused("malformed", 400, str(error)) from None

    def _verified_address(self, request: HookRequest) -> Received:
        self._check_signature(request, "signature")
        echo = request.query.get("echostr", "").encode()
        return Received((), lambda _: Response(200, echo))

    def _check_signature(self, request: HookRequest, name: str, *signed: str) -> None:
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not crypto.is_signed(query.get(name, ""), self._token, timestamp, nonce, *signed):
            raise Refused(
                "signature_wrong", 403, f"{name} does not fit; is the token the same on both sides?"
            )
        if (
            not timestamp.isdecimal()
            or abs(request.now.timestamp() - int(timestamp[:12])) > self._tolerance_s
        ):
            raise Refused("stale", 403, f"its timestamp is more than {self._tolerance_s} s from our clock")

    def _opened(self, request: HookRequest, encrypted: str) -> Mapping[str, Any]:
        if self._envelope is None:
            raise Refused("no_aes_key", 403, "the push is encrypted; set aes_key to its EncodingAESKey")
        self._check_signature(request, "msg_signature", encrypted)
        try:
            return _read(self._envelope.open(encrypted))
        except crypto.WrongApp:
            raise Refused("app_wrong", 403, "it is encrypted for another AppID") from None
        except crypto.Undecipherable:
            raise Refused(
                "undecipherable", 403, "aes_key does not open it; copy EncodingAESKey again"
            ) from None

    def _check_plain(self, request: HookRequest) -> None:
        """Plain mode signs the time and the nonce but not the body, so a nonce may carry only one body."""
        self._check_signature(request, "signature")
        key = (request.query.get("timestamp", ""), request.query.get("nonce", ""))
        digest = blake2b(request.body, digest_size=16).digest()
        if self._seen.setdefault(key, digest) != digest:
            raise Refused("replayed", 403, "its timestamp and nonce were used for another message")
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)


def _read(body: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any]
    try:
        found = texts.read_json(body) if body.lstrip()[:1] == b"{" else read_xml(body)
    except ValueError as error:
        raise Refused("malformed", 400, str(error)) from None
    return found
