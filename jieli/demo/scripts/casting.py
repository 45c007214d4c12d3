"""Gives scripts to customers whose orders fit, and fills in what they say."""

import random
import re
from collections.abc import Iterator

from jieli.demo.brand.contracts import Customer, DemoBrand, IdentityKind
from jieli.demo.scripts.cases import Pick, Stage
from jieli.demo.scripts.contracts import Channel, Reaction, Role, Script, Turn
from jieli.demo.scripts.library import scripts

_SLOT = re.compile(r"\{([a-z_]+)\}")
# How a customer is known on a channel; the first identity that the customer has is used.
_SENDERS = {
    Channel.OFFICIAL_ACCOUNT: (IdentityKind.OPENID_OFFICIAL, IdentityKind.PHONE),
    Channel.MINI_PROGRAM: (IdentityKind.OPENID_MINI, IdentityKind.PHONE),
    Channel.WEB: (IdentityKind.ACCOUNT, IdentityKind.PHONE),
}


def cast(brand: DemoBrand, seed: int = 7) -> Iterator[Role]:
    """Roles without end: all playable scripts in a shuffled order, then again with other customers."""
    rng, stage = random.Random(f"{seed}:cast"), Stage(brand)
    playable = [one for one in scripts() if stage.picks(one.case, one.about)]
    while playable:
        rng.shuffle(playable)
        for script in playable:
            yield _role(rng, script, stage)


def _role(rng: random.Random, script: Script, stage: Stage) -> Role:
    pick = _on_channel(rng, script, stage.picks(script.case, script.about))
    kind, sender = _sender(script.channel, pick.customer)
    slots = _slots(pick, {one.key: one.name.zh for one in stage.brand.carriers})
    return Role(
        script=script,
        customer=pick.customer.key,
        sender_kind=kind,
        sender=sender,
        order=pick.order.number if pick.order else "",
        sku=pick.sku.code,
        turns=tuple(Turn(one.wait, _fill(one.say, slots)) for one in script.turns),
        reactions=tuple(
            Reaction(one.on, tuple(_fill(say, slots) for say in one.says)) for one in script.reactions
        ),
    )


def _on_channel(rng: random.Random, script: Script, picks: tuple[Pick, ...]) -> Pick:
    """Prefers customers who are known on the script's channel."""
    wanted = _SENDERS[script.channel][0]
    known = [one for one in picks if one.customer.identity(wanted)]
    return rng.choice(known or picks)


def _sender(channel: Channel, customer: Customer) -> tuple[IdentityKind, str]:
    for kind in _SENDERS[channel]:
        value = customer.identity(kind)
        if value:
            return kind, value
    raise LookupError(f"{customer.key} has no phone")


def _slots(pick: Pick, carriers: dict[str, str]) -> dict[str, str]:
    home = pick.customer.addresses[0]
    slots = {
        "name": pick.customer.name,
        "phone": home.phone,
        "city": home.city,
        "address": home.line,
        "sku": pick.sku.aliases[0],
        "sku_name": pick.sku.name.zh,
        "order_no": "还没下单呢",
    }
    if pick.order is not None:
        slots |= {"order_no": pick.order.number, "amount": str(pick.order.payable)}
        for parcel in pick.order.parcels:
            slots |= {"tracking_no": parcel.tracking_no, "carrier": carriers[parcel.carrier]}
    return slots | pick.slots


def _fill(text: str, slots: dict[str, str]) -> str:
    return _SLOT.sub(lambda found: slots[found[1]], text)
