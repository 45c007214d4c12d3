from collections.abc import Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from jieli.governance import selectors
from jieli.governance.models import User
from jieli.kernel.actor import Actor


def actor_from_session(cookies: Mapping[str, str]) -> Actor | None:
    """Who a session cookie belongs to, for sockets, which pass no middleware; None when nobody is signed in."""
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return selectors.actor_for(user) if isinstance(user, User) and user.is_active else None
