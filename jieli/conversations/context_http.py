"""REST for the context panel: everything known about the person, each part with its source."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from jieli.conversations import present, selectors
from jieli.conversations.customer_http import Shown, facts_of
from jieli.conversations.views import HolderView, MessageView, StepView
from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityView, PersonCard
from jieli.kernel.http import Page, actor_of
from jieli.promises import facade as promises
from jieli.promises.contracts import Promise
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterState
from jieli.supply.contracts import FactKind

router = Router(tags=["conversations"])
_SHOWN = (FactKind.ORDER, FactKind.PARCEL, FactKind.REFUND, FactKind.RETURN, FactKind.WARRANTY)


class MatterShort(Schema):
    id: UUID
    kind: str
    title: str
    holder: HolderView
    next_step: StepView
    due_at: datetime | None
    severity: int | None
    open: bool


class Context(Schema):
    person: PersonCard
    identities: list[IdentityView]
    traits: dict[str, Any]
    matters: list[MatterShort]
    promises: list[Promise]
    facts: list[Shown]


@router.get("/persons/{person}/context", response=Context)
def context(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """The person, open matters, promises, orders and parcels, as the agent may see them."""
    actor = actor_of(request)
    actor.require("conversation.read")
    known = identity.person(person, actor)
    family = list(identity.family(person))
    found = relay.matters_of(family)
    names = present.holder_names(matter.holder for matter in found)
    return {
        "person": known.card,
        "identities": list(known.identities),
        "traits": {key: trait.value for key, trait in known.traits.items()},
        "matters": [_short(matter, names[matter.holder]) for matter in found],
        "promises": promises.of_person(actor, family),
        "facts": facts_of(person, _SHOWN),
    }


def _short(matter: MatterState, name: str) -> dict[str, Any]:
    return {
        "id": matter.id,
        "kind": matter.kind.value,
        "title": matter.title,
        "holder": HolderView(kind=matter.holder.kind, id=matter.holder.id, name=name),
        "next_step": StepView(code=matter.next_step, text=matter.next_note),
        "due_at": matter.due_at,
        "severity": matter.severity,
        "open": matter.open,
    }


@router.get("/persons/{person}/messages", response=Page[MessageView])
def thread(request: HttpRequest, person: UUID, before: UUID | None = None) -> dict[str, Any]:
    """All talks of the person over all channels, merged, oldest first; `before` is a message id."""
    actor_of(request).require("conversation.read")
    rows = selectors.thread_of(list(identity.family(person)), before=before, limit=80)
    return {"items": present.messages(rows), "next_cursor": None}
