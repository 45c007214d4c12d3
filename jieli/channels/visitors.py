"""Visitors of the web chat: anonymous until the brand's site vouches for their account."""

import hashlib
import hmac

from django.core import signing

from jieli.channels import directory
from jieli.channels.contracts import ChannelRef, Visitor
from jieli.channels.errors import VisitorTokenInvalid
from jieli.kernel.errors import Forbidden, Invalid
from jieli.kernel.ids import new_id

_SALT = "jieli.channels.visitor"
LONGEST = 200


def new(channel: str) -> Visitor:
    return _visitor(_web(channel).ref, f"v-{new_id().hex}")


def read(channel: str, token: str) -> Visitor:
    """Raises `VisitorTokenInvalid` for a token that we did not make, or made for another channel."""
    ref = _web(channel).ref
    try:
        said = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise VisitorTokenInvalid from None
    if said.get("c") != ref.id.hex:
        raise VisitorTokenInvalid
    return Visitor(said["v"], token, said.get("a", ""), said.get("n", ""))


def identified(channel: str, token: str, account: str, user_hash: str, name: str) -> Visitor:
    """The same visitor, now known by account: `user_hash` is hex HMAC-SHA256(account) under identity_secret."""
    line = _web(channel)
    visitor = read(channel, token)
    secret = getattr(line.adapter, "identity_secret", "")
    if not secret:
        raise Forbidden("This channel has no identity_secret, so nobody can vouch for visitors.")
    if not 0 < len(account) <= LONGEST:
        raise Invalid(f"account needs 1 to {LONGEST} characters.")
    expected = hmac.new(secret.encode(), account.encode(errors="replace"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), user_hash.lower().encode(errors="replace")):
        raise Forbidden(
            "user_hash is not the HMAC-SHA256 of this account under the channel's identity_secret."
        )
    return _visitor(line.ref, visitor.key, account, name[:LONGEST])


def _web(channel: str) -> directory.Line:
    line = directory.named(channel)
    if line.ref.kind != "web" or not line.enabled:
        raise VisitorTokenInvalid(f"“{channel}” is not a web channel that is switched on.")
    return line


def _visitor(ref: ChannelRef, key: str, account: str = "", name: str = "") -> Visitor:
    said = {"c": ref.id.hex, "v": key} | ({"a": account, "n": name} if account else {})
    return Visitor(key, signing.dumps(said, salt=_SALT, compress=True), account, name)
