from typing import Annotated, Any
from uuid import UUID

from annotated_types import MaxLen, Predicate
from django.http import HttpRequest
from ninja import Query, Router, Schema

from jieli.kernel import capabilities, http
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import Forbidden
from jieli.relay import facade, selectors
from jieli.relay.contracts import (
    Handover,
    HolderKind,
    MatterKind,
    MatterState,
    MatterStatus,
    SlaClockView,
    storable,
)

router = Router(tags=["matters"])


class MatterFilter(Schema):
    person: UUID | None = None
    open: bool | None = None
    kind: MatterKind | None = None
    holder_kind: HolderKind | None = None
    holder_id: Annotated[str, MaxLen(64), Predicate(storable)] | None = None
    parent: UUID | None = None
    cursor: Annotated[str, MaxLen(60)] = ""


def _staff(request: HttpRequest) -> Actor:
    """Customers ask for /matter-statuses: the whole state holds notes that are written for staff."""
    actor = http.actor_of(request)
    if actor.kind is ActorKind.CUSTOMER:
        raise Forbidden("This is for staff; your matters are at /matter-statuses.")
    return actor


@router.get("/matters", response=http.Page[MatterState], operation_id="matters_list")
def matters(request: HttpRequest, wanted: Query[MatterFilter]) -> dict[str, Any]:
    """Matters that the actor may see, newest first."""
    given = wanted.dict(exclude={"cursor", "open"}, exclude_none=True)
    rows = selectors.visible_to(_staff(request)).filter(**given)
    if wanted.open is not None:
        rows = rows.filter(state="open" if wanted.open else "closed")
    return http.page(rows, wanted.cursor, selectors.as_states)


@router.get("/matters/{matter}", response=MatterState, operation_id="matters_get")
def matter(request: HttpRequest, matter: UUID) -> MatterState:
    return facade.state(_staff(request), matter)


@router.get("/matters/{matter}/handovers", response=list[Handover], operation_id="matters_handovers")
def handovers(request: HttpRequest, matter: UUID) -> list[Handover]:
    """Who held the matter, from when to when, and what was passed on; oldest first."""
    return facade.handovers(_staff(request), matter)


@router.get("/matters/{matter}/clocks", response=list[SlaClockView], operation_id="matters_clocks")
def clocks(request: HttpRequest, matter: UUID) -> list[SlaClockView]:
    facade.state(_staff(request), matter)
    return facade.clocks_of([matter])[matter]


@router.get("/matter-statuses", response=list[MatterStatus], operation_id="matter_statuses_list")
def statuses(request: HttpRequest, person: UUID | None = None, open: bool = False) -> list[MatterStatus]:  # noqa: A002
    """What a customer sees of their matters; staff who may read persons name one."""
    actor = http.actor_of(request)
    if actor.kind is ActorKind.CUSTOMER:
        own = facade.own_ids(actor)
        return facade.statuses(own if person is None else own & {person}, only_open=open)
    actor.require("person.read")
    return facade.status_of(person, only_open=open) if person else []


capabilities.mount(router, of="jieli.relay")
