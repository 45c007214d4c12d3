"""REST for queues, presence and who takes what."""

from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen
from django.http import HttpRequest
from ninja import Router, Schema

from jieli.conversations import facade as conversations
from jieli.kernel.errors import Invalid
from jieli.kernel.http import actor_of
from jieli.kernel.text import Code, Short, Text
from jieli.relay.contracts import Holder, HolderKind
from jieli.routing import seats, selectors, services
from jieli.routing.contracts import Place, Presence, QueueView, SeatView

router = Router(tags=["routing"])
_TO_PEOPLE = frozenset({HolderKind.QUEUE, HolderKind.AGENT, HolderKind.EXPERT})


class PresenceIn(Schema):
    state: Presence


class To(Schema):
    kind: HolderKind
    id: Code


class HandOverIn(Schema):
    to: To
    why: Short
    summary: Annotated[Text, MaxLen(2000)] = ""
    open_questions: Annotated[list[Short], MaxLen(20)] = []


class Done(Schema):
    done: bool = True


@router.get("/queues", response=list[QueueView])
def queues(request: HttpRequest) -> list[QueueView]:
    """Every queue with what waits in it and who serves it."""
    actor_of(request).require("conversation.read")
    return selectors.board()


@router.get("/agents", response=list[SeatView])
def agents(request: HttpRequest) -> list[SeatView]:
    actor_of(request).require("conversation.read")
    return seats.all_seats()


@router.get("/customer/places", response=list[Place])
def my_places(request: HttpRequest) -> list[Place]:
    """Where the customer behind `X-Visitor` (and `X-Channel`) waits for a person, and about how long."""
    return list(selectors.places_of(conversations.customer_asking(request.headers)).values())


@router.put("/me/presence", response=SeatView)
def set_presence(request: HttpRequest, body: PresenceIn) -> SeatView:
    actor = actor_of(request)
    actor.require("conversation.take")
    return seats.set_presence(actor, body.state)


@router.get("/me/presence", response=SeatView | None)
def presence(request: HttpRequest) -> SeatView | None:
    actor = actor_of(request)
    return seats.seat(actor.id) if actor.id else None


@router.post("/conversations/{conversation}/take", response=Done)
def take(request: HttpRequest, conversation: UUID) -> Done:
    services.take(actor_of(request), conversation=conversation)
    return Done()


@router.post("/conversations/{conversation}/hand-over", response=Done)
def hand_over(request: HttpRequest, conversation: UUID, body: HandOverIn) -> Done:
    if body.to.kind not in _TO_PEOPLE:
        raise Invalid("A conversation goes to a queue, an agent or an expert.")
    services.hand_over(
        actor_of(request),
        conversation=conversation,
        to=Holder(body.to.kind, body.to.id),
        why=body.why,
        summary=body.summary,
        open_questions=body.open_questions,
    )
    return Done()
