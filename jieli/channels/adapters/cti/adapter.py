"""Events of a call centre, one JSON object each, signed as the open hook's messages are:

    {"event": "call.ringing", "call_id": "…", "caller": "13800000000", "callee": "4000000000", "extension": "8001",
     "agent": "…", "answered": true, "queue": "…", "at": "2026-01-01T08:00:00Z", "duration_s": 0, "recording_url": "…",
     "transcript": "…"}

`at` may also be `sent_at`; several recordings of one call differ in their address. `agent` is the sign-in name of who
answered; `answered` is said when the call ended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from jieli.channels import moments, signatures, texts
from jieli.channels.adapters.port import HookRequest, Received, Response, Sending, Sent
from jieli.channels.contracts import Accepted, ChannelRef, Inbound, Media, MessageType, Sender
from jieli.channels.errors import Refused
from jieli.kernel import clock
from jieli.kernel.errors import Permanent

_EVENTS = frozenset({"call.ringing", "call.answered", "call.ended", "call.recording"})
_LONGEST_KEY = 120


class _Call(msgspec.Struct):
    call_id: str
    caller: str
    event: str = ""
    type: str = ""
    callee: str = ""
    extension: str = ""
    agent: str = ""
    answered: bool | str | None = None
    queue: str = ""
    name: str = ""
    at: datetime | int | float | None = None
    sent_at: datetime | int | float | None = None
    duration_s: float | None = None
    recording_url: str = ""
    transcript: str = ""
    context: dict[str, str] | None = None


class Adapter:
    can_send = False

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self._secret = settings["secret"]

    def receive(self, request: HookRequest) -> Received:
        if request.method != "POST":
            raise Refused("method", 405, "send call events with POST")
        header = request.headers.get(signatures.HEADER, "")
        signatures.verify(self._secret, header, request.body, request.now)
        try:
            return Received((_inbound(texts.read_json(request.body, _Call)),), _taken)
        except ValueError as error:
            raise Refused("malformed", 422, str(error)) from None

    def send(self, sending: Sending) -> Sent:
        raise Permanent("a telephone call cannot be written to", code="cannot_send")

    def probe(self) -> list[str]:
        body = b'{"event":"call.ringing","call_id":"probe","caller":"10000"}'
        now = clock.now()
        header = {signatures.HEADER: signatures.sign(self._secret, body, now)}
        self.receive(HookRequest(method="POST", query={}, headers=header, body=body, now=now))
        return ["A call event signed with this secret is taken."]


def _taken(accepted: Sequence[Accepted]) -> Response:
    return Response(202, msgspec.json.encode({"id": accepted[0].id}), b"application/json")


def _inbound(call: _Call) -> Inbound:
    event = call.event or call.type
    if event not in _EVENTS:
        raise ValueError(f"event must be one of {', '.join(sorted(_EVENTS))}")
    if not 0 < len(call.call_id) <= _LONGEST_KEY or not 0 < len(call.caller) <= _LONGEST_KEY:
        raise ValueError(f"call_id and caller need 1 to {_LONGEST_KEY} characters")
    return Inbound(
        message_id=_message_id(call, event),
        sender=Sender(call.caller, name=call.name, phone=call.caller),
        type=MessageType.CALL,
        sent_at=moments.read(call.at if call.at is not None else call.sent_at),
        text=call.transcript,
        media=Media(url=call.recording_url) if call.recording_url else None,
        event=event,
        context=_context(call),
    )


def _message_id(call: _Call, event: str) -> str:
    made = f"{call.call_id}:{event}"
    if event != "call.recording":
        return made
    return f"{made}:{sha256(call.recording_url.encode()).hexdigest()[:16]}"


def _context(call: _Call) -> dict[str, str]:
    duration = "" if call.duration_s is None else str(call.duration_s)
    told = {
        "call": call.call_id,
        "callee": call.callee,
        "extension": call.extension,
        "agent": call.agent,
        "answered": _answered(call.answered),
        "queue": call.queue,
        "duration_s": duration,
    }
    return (call.context or {}) | {name: value for name, value in told.items() if value}


def _answered(told: bool | str | None) -> str:
    """As `context` carries it: text, empty where nothing was said."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    return told or ""
