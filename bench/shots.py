"""What the builder of requests hands to the load generator."""

import msgspec

PORT = 8889


class Shot(msgspec.Struct, array_like=True):
    """One HTTP request, ready for the wire, and the ids of the messages in it."""

    ids: list[str]
    wire: bytes


class Hit(msgspec.Struct, array_like=True):
    """When it was sent and acknowledged, in seconds since 1970; `ok` means that it was taken."""

    ids: list[str]
    sent: float
    acked: float
    ok: bool


class Volley(msgspec.Struct):
    """What one run of the load generator did, and the processor time it used itself."""

    hits: list[Hit]
    cpu_s: float
