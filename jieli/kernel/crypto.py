"""Encryption at rest and searchable equality for sensitive columns.

AES-256-GCM with a random nonce per value; a keyed blind index (HMAC-SHA256) answers "is this exact value
known" without storing it. The master key lives in a file of its own (`JIELI_DATA/keys/master.key`, mode 0600)
or in `JIELI_MASTER_KEY`; without it the columns are unreadable.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = "1:"
_NONCE = 12


class UnreadableSecret(Exception):
    """A stored value does not open with this master key: the key file was replaced or the row was altered."""


def _master() -> bytes:
    given: str = settings.JIELI_MASTER_KEY
    if given:
        return base64.b64decode(given)
    return _key_file(Path(settings.JIELI_DATA) / "keys" / "master.key")


def _key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return base64.b64decode(path.read_text())
    key = os.urandom(32)
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(key).decode())
    return key


@lru_cache(maxsize=8)
def derive(purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no two uses share a key."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(_master())


@lru_cache(maxsize=1)
def _column_cipher() -> AESGCM:
    return AESGCM(derive("columns"))


def seal(text: str) -> str:
    if not text:
        return ""
    nonce = os.urandom(_NONCE)
    return _VERSION + base64.b64encode(nonce + _column_cipher().encrypt(nonce, text.encode(), None)).decode()


def unseal(stored: str) -> str:
    if not stored:
        return ""
    raw = base64.b64decode(stored.removeprefix(_VERSION))
    try:
        return _column_cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        raise UnreadableSecret("The master key does not fit this database; put the right key back.") from None


def blind_index(kind: str, value: str) -> str:
    """64 hex digits, equal only for equal (kind, value) under the same master key."""
    return hmac.new(derive("blind-index"), f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()
