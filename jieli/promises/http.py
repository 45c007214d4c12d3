"""REST of promises. What changes one is a capability of the facade and is mounted from there; only recording shares
its address with the list and so stands here."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from jieli.kernel import capabilities
from jieli.kernel.http import Page, actor_of, page
from jieli.promises import facade, models, selectors
from jieli.promises.contracts import Promise, PromiseCounts, PromiseKind, PromiseState, PromiseToMe
from jieli.promises.lines import LedgerLine, lines

router = Router(tags=["promises"])
Hours = Annotated[float, Field(gt=0, le=720)]


@router.get("/promises", response=Page[LedgerLine])
def list_promises(
    request: HttpRequest, state: PromiseState | None = None, person: UUID | None = None, cursor: str = ""
) -> dict[str, Any]:
    """The ledger, newest first, with the customers."""
    actor_of(request).require("promise.read")
    rows = models.Promise.objects.all()
    if state is not None:
        rows = rows.filter(state=state)
    if person is not None:
        rows = rows.filter(person=person)
    return page(rows, cursor, lambda found: lines(map(selectors.as_contract, found)))


class PromiseIn(Schema):
    """`compensation` is what the customer gets if the promise is broken; `evidence` what it was taken from."""

    model_config = ConfigDict(extra="forbid")

    person: UUID
    what: str
    kind: PromiseKind
    due_at: datetime
    conversation: UUID | None = None
    order: str = ""
    matter: UUID | None = None
    compensation: str = ""
    evidence: dict[str, Any] = {}


@router.post("/promises", response=Promise)
def record_promise(request: HttpRequest, body: PromiseIn) -> Promise:
    """Write down what was promised to a customer and by when."""
    given = {name: getattr(body, name) for name in PromiseIn.model_fields}
    return facade.record(actor_of(request), **given)


@router.get("/promises/due-soon", response=list[Promise])
def list_due_soon(request: HttpRequest, hours: Hours = 2.0) -> list[Promise]:
    """Open promises that fall due soon, the most urgent first."""
    return facade.due_soon(actor_of(request), timedelta(hours=hours))


@router.get("/promises/counts", response=PromiseCounts)
def count_promises(request: HttpRequest) -> PromiseCounts:
    return facade.counts(actor_of(request))


@router.get("/promises/{promise}", response=Promise)
def show_promise(request: HttpRequest, promise: UUID) -> Promise:
    """One promise with its history."""
    return facade.show(actor_of(request), promise)


@router.get("/persons/{person}/promises", response=list[PromiseToMe])
def list_promises_to_person(request: HttpRequest, person: UUID) -> list[PromiseToMe]:
    """What was promised to one person, as they may see it themselves."""
    return facade.to_customer(actor_of(request), person)


capabilities.mount(router, of="jieli.promises")
