import base64
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieli.channels.adapters.wechat import crypto
from jieli.channels.tests import reference_aes

# The example that Tencent ships with its own libraries (Sample.cs, Sample.py, …).
TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
APP = "wx5823bf96d3bd56c7"
SIGNATURE = "477715d11cdb4164915debcba66cb864d751f3e6"
TIMESTAMP, NONCE = "1409659813", "1372623149"
ENCRYPTED = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="

envelope = crypto.Envelope(KEY, APP)


def test_tencents_own_example_is_signed_and_opens() -> None:
    assert crypto.is_signed(SIGNATURE, TOKEN, TIMESTAMP, NONCE, ENCRYPTED)
    message = envelope.open(ENCRYPTED).decode()
    assert "<FromUserName><![CDATA[mycreate]]></FromUserName>" in message
    assert "<Content><![CDATA[hello]]></Content>" in message


def test_reference_agrees_with_tencents_example() -> None:
    message, app = reference_aes.decrypt(ENCRYPTED, KEY)
    assert app == APP
    assert message == envelope.open(ENCRYPTED)


def test_reference_is_aes_256() -> None:
    """FIPS-197, appendix C.3."""
    keys = reference_aes._round_keys(bytes(range(32)))
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert reference_aes._encrypt_block(block, keys).hex() == "8ea2b7ca516745bfeafc49904b496089"


@settings(max_examples=30, deadline=None)
@given(message=st.binary(max_size=200), random16=st.binary(min_size=16, max_size=16))
def test_agrees_both_ways_with_an_independent_implementation(message: bytes, random16: bytes) -> None:
    assert envelope.open(reference_aes.encrypt(message, KEY, APP, random16)) == message
    assert reference_aes.decrypt(envelope.close(message), KEY) == (message, APP)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
def test_agrees_with_openssl() -> None:
    key = base64.b64decode(KEY + "=")
    command = ["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", key[:16].hex()]
    closed = base64.b64decode(envelope.close("你好😀".encode()))
    plain = subprocess.run(command, input=closed, capture_output=True, check=True).stdout  # noqa: S603 - our own
    assert plain[20 : 20 + int.from_bytes(plain[16:20], "big")].decode() == "你好😀"
    assert len(plain) % 32 == 0


@pytest.mark.parametrize("length", range(64))
def test_every_length_of_padding(length: int) -> None:
    message = b"x" * length
    assert envelope.open(envelope.close(message)) == message


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=160))
def test_rubbish_never_opens(data: bytes) -> None:
    with pytest.raises((crypto.Undecipherable, crypto.WrongApp)):
        envelope.open(base64.b64encode(data).decode())


@pytest.mark.parametrize("text", ["", "not base64!", "QUJD", "\ud800", "A" * 64])
def test_texts_that_are_no_envelope(text: str) -> None:
    with pytest.raises((crypto.Undecipherable, crypto.WrongApp)):
        envelope.open(text)


def test_an_envelope_for_another_app_is_not_ours() -> None:
    with pytest.raises(crypto.WrongApp):
        envelope.open(crypto.Envelope(KEY, "wxanother").close(b"x"))


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(crypto.Undecipherable):
        crypto.Envelope("B" * 43, APP).open(ENCRYPTED)


@pytest.mark.parametrize("key", ["", "short", "x" * 44, "!" * 43])
def test_a_wrong_key_is_told_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        crypto.Envelope(key, APP)
