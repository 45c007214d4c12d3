from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from jieli.governance import selectors
from jieli.governance.models import User


class ActorMiddleware:
    """`request.actor` is who asks, or None; whoever signed in is answered in the language of their account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):  # AnonymousUser: no session, no query
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)
        request.actor = selectors.actor_for(user)  # type: ignore[attr-defined]
        with translation.override(user.locale):
            return self.get_response(request)
