"""The web chat: messages come over the page's socket (`facade.accept_web`), answers are in the thread at once."""

from collections.abc import Mapping

from jieli.channels.adapters.port import HookRequest, Received, Sending, Sent
from jieli.channels.errors import Refused
from jieli.channels.contracts import ChannelRef


class Adapter:
    can_send = True

    def __init__(self, channel: ChannelRef, settings: Mapping[str, str]) -> None:
        self.identity_secret = settings.get("identity_secret", "")

    def receive(self, request: HookRequest) -> Received:
        raise Refused("method", 405, "web chat speaks over its socket, not over a hook")

    def send(self, sending: Sending) -> Sent:
        return Sent()

    def probe(self) -> list[str]:
        if self.identity_secret:
            return ["Visitors that your site signs in are recognised by their account."]
        return ["No identity_secret: visitors stay anonymous."]
