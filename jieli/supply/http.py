"""REST of supply: sources and their health, and the door through which a source pushes."""

from django.http import HttpRequest
from ninja import Router, Schema

from jieli.kernel.http import actor_of
from jieli.supply import facade
from jieli.supply.contracts import FactKind, NewSource, PushResult, SourceView

router = Router(tags=["supply"])


class SourceIn(Schema):
    name: str
    kind: str
    kinds: list[FactKind]
    title: str = ""
    settings: dict[str, object] = {}
    enabled: bool = True


class SourceChange(Schema):
    """Settings given replace those of the same name; null removes one."""

    enabled: bool | None = None
    settings: dict[str, object] | None = None


@router.get("/supply/sources", response=list[SourceView])
def list_sources(request: HttpRequest) -> list[SourceView]:
    """All sources with their circuit, last answer, last error and latency."""
    return facade.sources(actor_of(request))


@router.post("/supply/sources", response=SourceView)
def create_source(request: HttpRequest, body: SourceIn) -> SourceView:
    new = NewSource(
        name=body.name,
        kind=body.kind,
        kinds=tuple(dict.fromkeys(body.kinds)),
        title=body.title,
        settings=body.settings,
        enabled=body.enabled,
    )
    return facade.create_source(actor_of(request), new)


@router.patch("/supply/sources/{name}", response=SourceView)
def change_source(request: HttpRequest, name: str, body: SourceChange) -> SourceView:
    return facade.change_source(actor_of(request), name, enabled=body.enabled, settings=body.settings)


@router.post("/supply/push/{source}", response=PushResult, auth=None)
def push(request: HttpRequest, source: str) -> PushResult:
    """Facts pushed by a source, signed: X-Jieli-Signature: t=<unix>,v1=<hex HMAC-SHA256 of “t.body”>.

    Body: {"facts": [{"kind", "value", "as_of"?, "owner"?, "private"?}]}, at most 1,000.
    """
    return facade.push(source, request.headers.get("X-Jieli-Signature", ""), request.body)
