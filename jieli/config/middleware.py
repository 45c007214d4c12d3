from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja.utils import check_csrf

from jieli.kernel import outbox
from jieli.kernel.http import problem


class PositionMiddleware:
    """Tells with each snapshot from which event on it must be patched (`X-Event-Id`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or not request.path.startswith("/api/"):
            return self.get_response(request)
        position = outbox.position()  # before the rows are read: an event may be applied twice, never missed
        response = self.get_response(request)
        response["X-Event-Id"] = str(position)
        return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(403, "csrf", f"Send the CSRF token of this session ({reason}).")


class SessionCsrfMiddleware:
    """The API's views are exempt from Django's CSRF check (tokens and signatures need none); whoever comes with a
    session cookie is checked all the same, or another site could act for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/") and getattr(request, "actor", None) is not None:
            refused = check_csrf(request)
            if refused is not None:
                return refused
        return self.get_response(request)
