"""Which customers of the loaded brand come, with what, and over which channel."""

import random
from collections.abc import Iterator, Sequence

from jieli.channels import facade as channels
from jieli.channels.contracts import ChannelRef
from jieli.demo import facade as demo
from jieli.demo.contracts import Customer as Person
from jieli.demo.contracts import DemoBrand, IdentityKind, Role
from jieli.kernel.errors import NotFound
from jieli.simulation.crowd import Customer, Seat

_OPENIDS = {IdentityKind.OPENID_OFFICIAL: "wechat", IdentityKind.OPENID_MINI: "wechat"}
_WEB_SHARE = 0.5


class Casting:
    """Seats are found by what a customer has: openids on their app, accounts on the app or the page, phones elsewhere."""

    def __init__(self, shown: DemoBrand, seed_: int, only: str = "") -> None:
        self._people = {one.key: one for one in shown.customers}
        self._roles = demo.cast(shown, seed_)
        self._rng = random.Random(f"{seed_}:seats")
        found = [one for one in channels.channels() if only in ("", one.name)]
        self._wechat = {one.namespace: one for one in found if one.kind == "wechat"}
        self._open = [one for one in found if one.kind == "open"]
        self._web = [one for one in found if one.kind == "web"]
        if not found:
            raise NotFound(f"There is no channel {only}; see “jieli channel list”.")

    def customers(self) -> Iterator[Customer]:
        """Without end; nobody where only calls are played."""
        if not (self._wechat or self._open or self._web):
            return
        for role in self._roles:
            person = self._people[role.customer]
            yield Customer(role, self._seat(role, person), person.identity(IdentityKind.PHONE) or "")

    def _seat(self, role: Role, person: Person) -> Seat:
        if wechat := self._on_wechat(role, person):
            return wechat
        if self._web and (not self._open or self._may_browse(role)):
            return Seat(self._rng.choice(self._web).name, f"web-{person.key}")
        if self._open:
            return self._on_open(self._rng.choice(self._open), person)
        return self._follower(self._rng.choice(list(self._wechat.values())), person)

    def _may_browse(self, role: Role) -> bool:
        return role.sender_kind is IdentityKind.ACCOUNT and self._rng.random() < _WEB_SHARE

    def _on_wechat(self, role: Role, person: Person) -> Seat | None:
        """The openid that the script was written for, else one of an app that is played."""
        held = sorted(
            (one for one in person.identities if one.app in self._wechat),
            key=lambda one: one.value != role.sender,
        )
        if not held or (role.sender_kind not in _OPENIDS and (self._open or self._web)):
            return None
        return Seat(self._wechat[held[0].app].name, held[0].value)

    def _follower(self, channel: ChannelRef, person: Person) -> Seat:
        """Somebody whose WeChat the brand does not know yet."""
        return Seat(channel.name, f"sim{person.key}")

    def _on_open(self, channel: ChannelRef, person: Person) -> Seat:
        return Seat(
            channel.name,
            f"{channel.name}-{person.key}",
            name=person.nickname,
            phone=person.identity(IdentityKind.PHONE) or "",
            account=person.identity(IdentityKind.ACCOUNT) or "",
        )


def callers(shown: DemoBrand, seed_: int) -> Sequence[str]:
    """Phone numbers of customers, in the order in which they ring."""
    phones = [one.identity(IdentityKind.PHONE) or "" for one in shown.customers]
    return random.Random(f"{seed_}:callers").sample(phones, len(phones))
