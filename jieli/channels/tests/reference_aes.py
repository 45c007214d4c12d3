"""WeChat's encryption once more, from the document and FIPS-197 alone: AES in plain Python, no library.

Slow and simple on purpose; it shares no line with the product's code, so that the two can disagree.
"""

import base64


def _times_two(byte: int) -> int:
    return ((byte << 1) ^ 0x1B) & 0xFF if byte & 0x80 else byte << 1


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = _times_two(a), b >> 1
    return product


def _sbox() -> list[int]:
    box = [0x63] * 256
    for value in range(1, 256):
        inverse = next(x for x in range(1, 256) if _times(value, x) == 1)
        turned = inverse
        for shift in range(1, 5):
            turned ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        box[value] = turned ^ 0x63
    return box


_BOX = _sbox()
_UNBOX = [_BOX.index(value) for value in range(256)]


def _round_keys(key: bytes) -> list[bytes]:
    words = [list(key[i : i + 4]) for i in range(0, 32, 4)]
    rcon = 1
    for i in range(8, 60):
        word = list(words[-1])
        if i % 8 == 0:
            word = [_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = _times_two(rcon)
        elif i % 8 == 4:
            word = [_BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word, strict=True)])
    flat = [byte for word in words for byte in word]
    return [bytes(flat[i : i + 16]) for i in range(0, 240, 16)]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _shifted(state: bytes, by: int) -> bytes:
    return bytes(state[(4 * (col + by * row) + row) % 16] for col in range(4) for row in range(4))


def _mixed(state: bytes, factors: tuple[int, int, int, int]) -> bytes:
    mixed = bytearray()
    for col in range(0, 16, 4):
        column = state[col : col + 4]
        for row in range(4):
            value = 0
            for i in range(4):
                value ^= _times(column[i], factors[(i - row) % 4])
            mixed.append(value)
    return bytes(mixed)


def _encrypt_block(block: bytes, keys: list[bytes]) -> bytes:
    state = _xor(block, keys[0])
    for number in range(1, 15):
        state = _shifted(bytes(_BOX[b] for b in state), 1)
        if number < 14:
            state = _mixed(state, (2, 3, 1, 1))
        state = _xor(state, keys[number])
    return state


def _decrypt_block(block: bytes, keys: list[bytes]) -> bytes:
    state = block
    for number in range(14, 0, -1):
        state = _xor(state, keys[number])
        if number < 14:
            state = _mixed(state, (14, 11, 13, 9))
        state = bytes(_UNBOX[b] for b in _shifted(state, -1))
    return _xor(state, keys[0])


def encrypt(message: bytes, encoding_aes_key: str, app_id: str, random16: bytes) -> str:
    key = base64.b64decode(encoding_aes_key + "=")
    plain = random16 + len(message).to_bytes(4, "big") + message + app_id.encode()
    pad = 32 - len(plain) % 32
    plain += bytes([pad]) * pad
    keys, previous, out = _round_keys(key), key[:16], b""
    for i in range(0, len(plain), 16):
        previous = _encrypt_block(_xor(plain[i : i + 16], previous), keys)
        out += previous
    return base64.b64encode(out).decode()


def decrypt(encrypted: str, encoding_aes_key: str) -> tuple[bytes, str]:
    """The message and the AppID behind it."""
    key = base64.b64decode(encoding_aes_key + "=")
    raw, keys, previous, plain = base64.b64decode(encrypted), _round_keys(key), key[:16], b""
    for i in range(0, len(raw), 16):
        plain += _xor(_decrypt_block(raw[i : i + 16], keys), previous)
        previous = raw[i : i + 16]
    plain = plain[: -plain[-1]]
    end = 20 + int.from_bytes(plain[16:20], "big")
    return plain[20:end], plain[end:].decode()
