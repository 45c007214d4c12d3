from collections.abc import Mapping, Sequence

import msgspec

from jieli.channels import signatures, webhooks
from jieli.channels.adapters.open import messages
from jieli.channels.adapters.port import HookRequest, Received, Response, Sending, Sent
from jieli.channels.contracts import Accepted, ChannelRef
from jieli.channels.errors import Refused
from jieli.kernel import clock
from jieli.kernel.errors import Permanent

_JSON = b"application/json"


class Adapter:
    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self._channel, self._secret = channel, settings["secret"]
        self._callback = settings.get("callback_url", "")
        self.can_send = bool(self._callback)

    def receive(self, request: HookRequest) -> Received:
        if request.method != "POST":
            raise Refused("method", 405, "send messages with POST")
        signatures.verify(self._secret, request.headers.get(signatures.HEADER, ""), request.body, request.now)
        found, single = messages.read(request.body, request.headers.get("content-type", ""))
        return Received(found, _one if single else _many)

    def send(self, sending: Sending) -> Sent:
        said = webhooks.post(self._callback, self._secret, _message(sending))
        return Sent(str(said.get("id") or ""), delivered=said.get("state") == "delivered")

    def probe(self) -> list[str]:
        """Signs a message to itself and takes it; then, if there is a callback, sends it a ping."""
        body = b'{"message_id":"probe","sender":{"id":"probe"},"type":"text","text":"probe"}'
        now = clock.now()
        header = signatures.sign(self._secret, body, now)
        self.receive(
            HookRequest(method="POST", query={}, headers={signatures.HEADER: header}, body=body, now=now)
        )
        lines = ["A message signed with this secret is taken."]
        if not self._callback:
            return [*lines, "No callback_url: this channel receives but cannot answer."]
        webhooks.post(self._callback, self._secret, {"type": "ping", "channel": self._channel.name})
        return [*lines, f"{self._callback} took a signed ping."]


def _one(accepted: Sequence[Accepted]) -> Response:
    return Response(202, msgspec.json.encode({"id": accepted[0].id}), _JSON)


def _many(accepted: Sequence[Accepted]) -> Response:
    return Response(202, msgspec.json.encode({"ids": [one.id for one in accepted]}), _JSON)


def _message(sending: Sending) -> dict[str, object]:
    if not sending.key:
        raise Permanent("the contact has no sender id", code="recipient")
    return {
        "id": sending.id,
        "to": {"id": sending.key},
        "type": sending.type,
        "text": sending.text,
        "media": sending.media,
        "by": sending.by,
        "conversation": sending.conversation,
        "in_reply_to": sending.reply_to_event,
        "at": sending.at,
    }
