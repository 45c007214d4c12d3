from typing import Any
from uuid import UUID, uuid4

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from jieli.channels.http import router
from jieli.channels.tests.conftest import SECRET, Make
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.http import add_problem_handlers

pytestmark = pytest.mark.django_db
EVERYTHING = frozenset({"channel.read", "channel.manage", "person.read", "conversation.reply"})

api = NinjaAPI(urls_namespace="channels-test")
add_problem_handlers(api)
api.add_router("", router)
client = TestClient(api)


def call(method: str, path: str, *permissions: str, body: Any = None) -> Any:
    actor = Actor(kind=ActorKind.HUMAN, id=uuid4(), permissions=frozenset(permissions))
    return client.request(method, path, json=body, actor=actor)


CALLS: list[tuple[str, str, str, Any]] = [
    ("GET", "/channels", "channel.read", None),
    ("GET", "/channels/kinds", "channel.read", None),
    ("GET", "/channels/intake", "channel.read", None),
    ("GET", f"/channels/contacts/{UUID(int=7)}", "person.read", None),
    ("POST", "/channels", "channel.manage", {"kind": "open", "name": "new", "settings": {"secret": SECRET}}),
    ("PATCH", "/channels/open", "channel.manage", {"settings": {}, "enabled": False}),
    ("POST", "/channels/open/test", "channel.manage", None),
    ("POST", "/channels/sensitive-words/check", "conversation.reply", {"text": "x"}),
]


@pytest.mark.parametrize(("method", "path", "permission", "body"), CALLS)
def test_each_call_needs_its_permission(
    make: Make, method: str, path: str, permission: str, body: Any
) -> None:
    make("open")
    assert call(method, path, permission, body=body).status_code == 200
    refused = call(method, path, *(EVERYTHING - {permission}), body=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.request(method, path, json=body, actor=None).status_code == 401


def test_mistakes_are_problems(make: Make) -> None:
    make("open")
    create = {"kind": "open", "name": "open", "settings": {"secret": SECRET}}
    assert call("POST", "/channels", "channel.manage", body=create).json()["code"] == "channel_name_taken"
    wrong = call("POST", "/channels", "channel.manage", body=create | {"settings": {}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "channel_settings_invalid")
    for name in ("nope", "%00", "a" * 300):
        assert call("POST", f"/channels/{name}/test", "channel.manage").status_code == 404
        assert call("PATCH", f"/channels/{name}", "channel.manage", body={}).status_code == 404


def test_settings_are_never_shown(make: Make) -> None:
    make("open")
    assert SECRET not in call("GET", "/channels", "channel.read").content.decode()
