"""REST of the customer page: own thread, own matters, orders, promises. The session token goes in `X-Visitor`."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Interval, MaxLen, MinLen
from asgiref.sync import async_to_sync
from django.http import HttpRequest
from ninja import Router, Schema

from jieli.channels import facade as channels
from jieli.conversations import customers, present, selectors
from jieli.conversations.views import MessageView
from jieli.identity import facade as identity
from jieli.kernel.actor import Actor
from jieli.kernel.http import Page
from jieli.kernel.text import Code, Short
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseToMe
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterStatus
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, Fact, FactKind, Unknown

router = Router(tags=["customer"])
Limit = Annotated[int, Interval(ge=1, le=100)]


class SessionIn(Schema):
    """`link` (see `jieli customer link`) opens the session of one person; `locale` is the page's language."""

    channel: Code = "web"
    token: Annotated[str, MaxLen(2000)] = ""
    link: Annotated[str, MaxLen(500)] = ""
    locale: Literal["", "zh-hans", "en"] = ""


class IdentifyIn(Schema):
    """The brand's site vouches for its signed-in user: `user_hash` is hex HMAC-SHA256 of `account` under the channel's
    `identity_secret`."""

    channel: Code = "web"
    token: Annotated[str, MaxLen(2000)]
    account: Annotated[Short, MinLen(1)]
    user_hash: Annotated[str, MaxLen(200)]
    name: Short = ""


class SessionOut(Schema):
    token: str
    channel: str
    person: UUID
    name: str
    locale: str


class FactView(Schema):
    """A fact with who vouches for it and since when; `simulated` facts come from the demo source."""

    kind: FactKind
    key: str
    value: dict[str, Any]
    source: str
    as_of: datetime
    simulated: bool


class Shown(Schema):
    """Facts of one kind, or why there are none: who was asked and by when an answer is expected."""

    kind: FactKind
    facts: list[FactView]
    unknown: bool = False
    asked: str = ""
    back_by: datetime | None = None
    reason: str = ""


def customer_of(request: HttpRequest) -> Actor:
    return customers.asking(request.headers)


@router.post("/customer/session", response=SessionOut)
def session(request: HttpRequest, body: SessionIn) -> dict[str, Any]:
    """Begin or resume a chat session; keep the token in the browser."""
    token = customers.open_link(body.channel, body.link) if body.link else body.token
    token = token or channels.new_visitor(body.channel).token
    opened = opened_by(body.channel, token)
    if body.locale and body.locale != opened["locale"]:
        identity.set_traits(opened["person"], {"locale": body.locale}, f"{body.channel}:session")
        opened = opened_by(body.channel, token)
    return opened


@router.post("/customer/identify", response=SessionOut)
def identify(request: HttpRequest, body: IdentifyIn) -> dict[str, Any]:
    """The visitor signed in on the brand's site: what they said so far is the account's from now on. Keep the new token."""
    known = async_to_sync(channels.identify_visitor)(
        body.channel, body.token, account=body.account, user_hash=body.user_hash, name=body.name
    )
    return opened_by(body.channel, known.token)


def opened_by(channel: str, token: str) -> dict[str, Any]:
    actor = customers.actor_of(channel, token)
    assert actor.id is not None
    card = identity.card(actor.id, actor)
    return {
        "token": token,
        "channel": channel,
        "person": actor.id,
        "name": card.name or card.name_masked,
        "locale": card.locale,
    }


@router.get("/customer/messages", response=Page[MessageView])
def messages(request: HttpRequest, before: UUID | None = None, limit: Limit = 50) -> dict[str, Any]:
    """My messages over all channels, oldest first; `before` is a message id, `next_cursor` that of the older ones."""
    actor = customer_of(request)
    rows = selectors.thread_of(customers.own_ids(actor), before=before, limit=limit)
    older = str(rows[0].pk) if len(rows) == limit else None
    return {"items": present.messages(rows, for_customer=True), "next_cursor": older}


@router.get("/customer/matters", response=list[MatterStatus])
def matters(request: HttpRequest) -> list[MatterStatus]:
    """My matters: who has each, what happens next and by when, and its history."""
    actor = customer_of(request)
    return relay.statuses(customers.own_ids(actor))


@router.get("/customer/promises", response=list[PromiseToMe])
def my_promises(request: HttpRequest) -> list[PromiseToMe]:
    actor = customer_of(request)
    return promises.to_customer(actor, customers.own_ids(actor))


@router.get("/customer/orders", response=list[Shown])
def orders(request: HttpRequest) -> list[Shown]:
    """My orders and parcels, each with source and age; what could not be found out says so."""
    actor = customer_of(request)
    return facts_of(actor.id, (FactKind.ORDER, FactKind.PARCEL))


def facts_of(person: UUID | None, kinds: tuple[FactKind, ...]) -> list[Shown]:
    answers = supply.lookup_many([Ask(person, kind) for kind in kinds])
    return [shown(kind, answer) for kind, answer in zip(kinds, answers, strict=True)]


def shown(kind: FactKind, answer: list[Fact] | Unknown) -> Shown:
    unknown = answer if isinstance(answer, Unknown) else None
    facts = answer.last_known if isinstance(answer, Unknown) else answer
    return Shown(
        kind=kind,
        facts=[
            FactView(
                kind=fact.kind,
                key=fact.key,
                value=dict(fact.value),
                source=fact.source,
                as_of=fact.as_of,
                simulated=fact.simulated,
            )
            for fact in facts
        ],
        unknown=unknown is not None,
        asked=unknown.source if unknown else "",
        back_by=unknown.back_by if unknown else None,
        reason=unknown.reason.value if unknown else "",
    )
