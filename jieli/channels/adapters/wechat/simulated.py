"""The other side of the push, for drills and replays: requests as WeChat's servers make them."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from jieli.channels.adapters.wechat import crypto


def push(settings: Mapping[str, str], xml: str, *, at: datetime, nonce: str) -> tuple[str, bytes]:
    timestamp, token = str(int(at.timestamp())), settings["token"]
    query = {"signature": crypto.signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    if not settings.get("aes_key"):
        return urlencode(query), xml.encode()
    encrypted = crypto.Envelope(settings["aes_key"], settings["app_id"]).close(xml.encode())
    query |= {
        "encrypt_type": "aes",
        "msg_signature": crypto.signature(token, timestamp, nonce, encrypted),
    }
    body = (
        f"<xml><ToUserName><![CDATA[gh_jieli]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    )
    return urlencode(query), body.encode()
