"""The ledger as the desk lists it: each promise with the customer it was made to."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from uuid import UUID

from jieli.identity import facade as identity
from jieli.identity.contracts import PersonId
from jieli.kernel.actor import SYSTEM
from jieli.promises.contracts import Promise


@dataclass(frozen=True, slots=True)
class PromisedTo:
    """`id` is canonical: that of the person now, if another was merged into them."""

    id: UUID
    name_masked: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine(Promise):
    """`customer` is None where nobody is known by that id."""

    customer: PromisedTo | None


def lines(found: Iterable[Promise]) -> list[LedgerLine]:
    """The promises in their order, their customers masked for everybody."""
    promises = list(found)
    cards = identity.cards([one.person for one in promises], SYSTEM) if promises else {}
    customers = {key: PromisedTo(card.id, card.name_masked, card.tier.value) for key, card in cards.items()}
    return [_line(one, customers.get(PersonId(one.person))) for one in promises]


def _line(one: Promise, customer: PromisedTo | None) -> LedgerLine:
    return LedgerLine(**{part.name: getattr(one, part.name) for part in fields(one)}, customer=customer)
