"""Conversations that are already going on: customers' words through the real intake and the real reception."""

from collections.abc import Iterator, Mapping
from itertools import islice

from jieli.channels import facade as channels
from jieli.channels.contracts import LANES, ChannelId, Inbound, MessageType, Sender
from jieli.demo import scripts
from jieli.demo.brand.contracts import DemoBrand, IdentityKind
from jieli.demo.loading.outlets import WEB
from jieli.demo.scripts.contracts import Role
from jieli.identity.contracts import PersonId
from jieli.kernel import clock
from jieli.reception import facade as reception

_CONVERSATIONS = 20
_SAID = 2


def load(brand: DemoBrand, _persons: Mapping[str, PersonId]) -> None:
    web = channels.channel_named(WEB).id
    roles = list(islice(_cast(brand), _CONVERSATIONS))
    for turn in range(_SAID):
        said = [_words(role, account, turn) for role, account in roles if turn < len(role.turns)]
        _take(web, said)


def _take(channel: ChannelId, said: list[Inbound]) -> None:
    channels.accept_now(channel, said)
    while reception.handle(range(LANES)):
        pass


def _cast(brand: DemoBrand) -> Iterator[tuple[Role, str]]:
    """Roles of different customers who have an account in the shop: a signed-in visitor brings it along."""
    accounts = {one.key: one.identity(IdentityKind.ACCOUNT) for one in brand.customers}
    seen: set[str] = set()
    for role in scripts.cast(brand, seed=11):
        account = accounts[role.customer]
        if account and role.customer not in seen:
            seen.add(role.customer)
            yield role, account


def _words(role: Role, account: str, turn: int) -> Inbound:
    visitor = f"v-demo-{role.customer}"
    return Inbound(
        message_id=f"{visitor}:{turn}",
        sender=Sender(visitor, account=account),
        type=MessageType.TEXT,
        sent_at=clock.now(),
        text=role.turns[turn].say,
        context={"page": "/orders"},
    )
