"""REST for the desk: the list, the thread, and what an agent does with them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Interval, MaxLen
from django.http import HttpRequest
from ninja import Router, Schema

from jieli.channels.contracts import ContactId
from jieli.conversations import present, selectors, services
from jieli.conversations.context_http import router as context_router
from jieli.conversations.customer_http import router as customer_router
from jieli.conversations.views import Card, Detail, MessageView
from jieli.kernel.errors import Invalid
from jieli.kernel.http import Page, actor_of, make_cursor, read_cursor
from jieli.kernel.text import Code, Short, Text

router = Router(tags=["conversations"])
router.add_router("", context_router)
router.add_router("", customer_router)
Limit = Annotated[int, Interval(ge=1, le=200)]


class ReplyIn(Schema):
    text: Text
    contact: UUID | None = None
    expected_version: Annotated[int, Interval(ge=0, le=2**31 - 1)] | None = None


class NoteIn(Schema):
    text: Text


class CloseIn(Schema):
    wrap_up: Annotated[Code, MaxLen(40)] = "solved"


class SnoozeIn(Schema):
    until: datetime


class CorrectIn(Schema):
    intent: Annotated[Code, MaxLen(40)] = ""
    emotion: Annotated[Code, MaxLen(20)] = ""


class RevealIn(Schema):
    reason: Short


class MessageId(Schema):
    id: UUID


class RevealedText(Schema):
    text: str


class Done(Schema):
    done: bool = True


@router.get("/conversations", response=Page[Card])
def listed(
    request: HttpRequest,
    view: str = "mine",
    state: str = "open",
    q: Short = "",
    cursor: str = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """One view of the inbox, by next due time."""
    actor = actor_of(request)
    actor.require("conversation.read")
    cards, more = present.listed(
        actor, view=view, state=state, limit=limit, after=read_cursor(cursor) if cursor else None, q=q
    )
    return {"items": cards, "next_cursor": make_cursor(more) if more else None}


@router.get("/conversations/counts", response=dict[str, int])
def counts(request: HttpRequest) -> dict[str, int]:
    """How many open conversations each view holds."""
    actor = actor_of(request)
    actor.require("conversation.read")
    return selectors.counts(actor)


@router.get("/conversations/{conversation}", response=Detail)
def detail(request: HttpRequest, conversation: UUID) -> Detail:
    actor = actor_of(request)
    row = selectors.one(actor, conversation)
    services.mark_read(actor, conversation=conversation)
    return present.detail(row, actor)


@router.get("/conversations/{conversation}/messages", response=Page[MessageView])
def messages(
    request: HttpRequest,
    conversation: UUID,
    before: Annotated[int, Interval(ge=0, le=2**31 - 1)] | None = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """The newest messages before a `seq`, oldest first."""
    row = selectors.one(actor_of(request), conversation)
    return {
        "items": present.messages(selectors.messages(row.pk, before=before, limit=limit)),
        "next_cursor": None,
    }


@router.post("/conversations/{conversation}/reply", response=MessageId)
def reply(request: HttpRequest, conversation: UUID, body: ReplyIn) -> dict[str, UUID]:
    sent = services.reply(
        actor_of(request),
        conversation=conversation,
        text=body.text,
        contact=ContactId(body.contact) if body.contact else None,
        expected_version=body.expected_version,
    )
    return {"id": sent}


@router.post("/conversations/{conversation}/note", response=MessageId)
def note(request: HttpRequest, conversation: UUID, body: NoteIn) -> dict[str, UUID]:
    return {"id": services.note(actor_of(request), conversation=conversation, text=body.text)}


@router.post("/conversations/{conversation}/close", response=Done)
def close(request: HttpRequest, conversation: UUID, body: CloseIn) -> Done:
    services.close(actor_of(request), conversation=conversation, wrap_up=body.wrap_up)
    return Done()


@router.post("/conversations/{conversation}/snooze", response=Done)
def snooze(request: HttpRequest, conversation: UUID, body: SnoozeIn) -> Done:
    if body.until.tzinfo is None:
        raise Invalid("Give the time with its zone, such as 2026-11-11T20:00:00+08:00.")
    services.snooze(actor_of(request), conversation=conversation, until=body.until)
    return Done()


@router.post("/conversations/{conversation}/correct", response=Done)
def correct(request: HttpRequest, conversation: UUID, body: CorrectIn) -> Done:
    services.correct(actor_of(request), conversation=conversation, intent=body.intent, emotion=body.emotion)
    return Done()


@router.post("/messages/{message}/reveal", response=RevealedText)
def reveal(request: HttpRequest, message: UUID, body: RevealIn) -> dict[str, str]:
    """The text of a message unmasked; needs a reason, and is written into the audit trail."""
    actor = actor_of(request)
    text = services.reveal_message(actor, message=message, reason=body.reason)
    return {"text": text}
