"""Asked in a process of the installation under test: the other sides of its channels, and customers to play.

    python -m tests.journeys.cast

Prints one JSON object: `channels` {name: {kind, namespace, settings}} and `customers` [{shown, openid, account, phone,
order}], no two shown by the same name. The talks that the brand came with are ended.
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import django

MOST = 40
PLAYED = ("lumora-oa", "app", "hotline")


def channels() -> dict[str, Any]:
    from jieli.channels import facade as channels
    from jieli.kernel.actor import SYSTEM

    found = [one for one in channels.channels() if one.name in PLAYED]
    return {
        one.name: {
            "kind": one.kind,
            "namespace": one.namespace,
            "settings": channels.secrets_of(SYSTEM, one.name),
        }
        for one in found
    }


def _end_talks() -> set[UUID]:
    """Nobody waits when the journeys begin: who comes online in one of them has room for it. Tells who has talked."""
    from jieli.conversations import facade as conversations
    from jieli.kernel.actor import SYSTEM
    from jieli.reception import facade as reception

    talking = {UUID(line["person"]) for line in reception.export_contacts("")}
    for state in conversations.open_states(list(talking)).values():
        conversations.close(SYSTEM, conversation=state.id)
    return talking


def customers() -> Iterator[dict[str, str]]:
    """Followers of the official account who never wrote, have an account in the shop and a parcel on its way."""
    from jieli.conversations import facade as conversations
    from jieli.demo import facade as demo
    from jieli.demo.contracts import IdentityKind as Kind
    from jieli.demo.contracts import ParcelState
    from jieli.identity import facade as identity
    from jieli.kernel.actor import SYSTEM

    brand = demo.brand()
    underway = {
        order.customer: order.number
        for order in brand.orders
        if any(parcel.state is ParcelState.IN_TRANSIT for parcel in order.parcels)
    }
    talked = _end_talks()
    taken: set[str] = set()
    for one in brand.customers:
        keys = {kind: one.identity(kind) or "" for kind in (Kind.OPENID_OFFICIAL, Kind.ACCOUNT, Kind.PHONE)}
        if one.key not in underway or not all(keys.values()):
            continue
        person = conversations.find_customer(keys[Kind.ACCOUNT])
        if person is None or person in talked:
            continue
        shown = identity.card(person, SYSTEM).name_masked
        if shown in taken:
            continue
        taken.add(shown)
        yield {
            "shown": shown,
            "openid": keys[Kind.OPENID_OFFICIAL],
            "account": keys[Kind.ACCOUNT],
            "phone": keys[Kind.PHONE],
            "order": underway[one.key],
        }


if __name__ == "__main__":
    django.setup()
    told = {"channels": channels(), "customers": list(islice(customers(), MOST))}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
