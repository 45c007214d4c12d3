"""WeChat's message encryption, as its document “消息加解密说明” describes it.

AES-256-CBC, key = base64(EncodingAESKey + "="), IV = first 16 bytes of the key, padded PKCS#7 to blocks of 32;
the plain text is 16 random bytes, its length (4 bytes, big endian), the message, the AppID.
"""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_HEAD = 20


class Undecipherable(Exception):
    """The text was not encrypted with this key."""


class WrongApp(Exception):
    """The text was encrypted for another AppID."""


def signature(*parts: str) -> str:
    """SHA-1 over the parts sorted and joined; with the encrypted text among them it signs the body too."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    return hmac.compare_digest(signature(*parts).encode(), given.lower().encode())


class Envelope:
    """Opens and closes messages of one app."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        try:
            key = base64.b64decode(aes_key + "=")
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise ValueError("aes_key is not an EncodingAESKey: it has 43 letters and digits; copy it again.")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def open(self, encrypted: str) -> bytes:
        """The message inside. Raises `Undecipherable` or `WrongApp`."""
        try:
            raw = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher.decryptor()
            plain = decryptor.update(raw) + decryptor.finalize()
        except (ValueError, binascii.Error):
            raise Undecipherable from None
        plain = _unpadded(plain)
        end = _HEAD + int.from_bytes(plain[16:_HEAD], "big")
        if len(plain) < _HEAD or end > len(plain):
            raise Undecipherable
        if plain[end:] != self._app_id:
            raise WrongApp
        return plain[_HEAD:end]

    def close(self, message: bytes) -> str:
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _unpadded(plain: bytes) -> bytes:
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise Undecipherable
    return plain[:-pad]
