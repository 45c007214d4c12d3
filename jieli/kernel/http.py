"""What every REST endpoint shares: problems (RFC 9457), who is asking, cursors, positions."""

import base64
import binascii
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid, JieliError, NotSignedIn

log = logging.getLogger(__name__)
T = TypeVar("T")
M = TypeVar("M", bound=Model)
PAGE = 50


class Problem(Schema):
    """An error as RFC 9457 describes it; `code` is stable, `detail` says what to do, `facts` what it is about."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] = []
    facts: dict[str, str] = {}


class Page(Schema, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in actor; raises `NotSignedIn`."""
    actor = cast("Actor | None", getattr(request, "actor", None))
    if actor is None:
        raise NotSignedIn
    return actor


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[dict[str, Any]] = (),
    facts: Mapping[str, Any] | None = None,
) -> HttpResponse:
    body = Problem(
        title=code.replace("_", " "),
        status=status,
        detail=detail,
        code=code,
        errors=list(errors),
        facts={name: str(value) for name, value in (facts or {}).items()},
    )
    return HttpResponse(body.model_dump_json(), status=status, content_type="application/problem+json")


def add_problem_handlers(api: NinjaAPI) -> None:
    def known(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error.status, error.code, gettext(str(error)), facts=error.facts)

    def unusable(_request: HttpRequest, error: Any) -> HttpResponse:
        shown = [{"at": list(e["loc"]), "message": e["msg"]} for e in error.errors]
        return problem(422, "invalid", gettext("Some of what was sent cannot be used; see “errors”."), shown)

    def http(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error.status_code, "refused", str(error))

    def unreadable(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problem(415, "unsupported_media_type", gettext("Send this body as JSON."))

    api.add_exception_handler(JieliError, known)
    api.add_exception_handler(RawPostDataException, unreadable)
    api.add_exception_handler(ValidationError, unusable)
    api.add_exception_handler(HttpError, http)
    api.add_exception_handler(
        AuthenticationError, lambda _r, _e: problem(401, "not_signed_in", gettext("Sign in first."))
    )


def page(
    rows: "QuerySet[M]",
    cursor: str,
    show: Callable[[list[M]], list[T]],
    *,
    limit: int = PAGE,
    newest_first: bool = True,
) -> dict[str, Any]:
    """One page by primary key (UUIDv7, so by age), without counting; `cursor` is what the last page returned."""
    ordered = rows.order_by("-pk" if newest_first else "pk")
    if cursor:
        ordered = ordered.filter(**{"pk__lt" if newest_first else "pk__gt": read_cursor(cursor)})
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    return {"items": show(found[:limit]), "next_cursor": make_cursor(found[limit - 1].pk) if more else None}


def make_cursor(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error):
        raise Invalid("This cursor is not one that a list returned; start without a cursor.") from None
