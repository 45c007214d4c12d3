import json
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.live import models

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("aired")]
READER = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"supply.read"}))


def get(path: str, actor: Actor | None = READER) -> tuple[int, Any]:
    request = RequestFactory().get(f"/api/v1{path}")
    request.actor = actor  # type: ignore[attr-defined]
    found = resolve(request.path_info)
    response = found.func(request, *found.args, **found.kwargs)
    return response.status_code, json.loads(response.content)


def test_sessions_are_listed_and_shown(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        status, listed = get("/live/sessions")
    assert status == 200
    assert {one["key"]: (one["state"], one["items"], one["promises"]) for one in listed["items"]} == {
        "night": ("ended", 2, 3),
        "day": ("on_air", 1, 1),
        "saturday": ("ended", 1, 1),
        "tomorrow": ("scheduled", 0, 0),
    }
    assert [one["key"] for one in get("/live/sessions?room=momo")[1]["items"]] == ["saturday", "day"]
    status, shown = get(f"/live/sessions/{models.Session.objects.get(key='night').id}")
    assert (status, shown["promises"][0]["due"]) == (200, {"after": "order_paid", "within_h": 48})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/live/sessions/01a00000-0000-7000-8000-000000000007", 404),
        ("/live/sessions/none", 422),
        ("/live/sessions?cursor=%00", 422),
        ("/live/sessions?room=%00", 200),
    ],
)
def test_what_is_not_there(path: str, status: int) -> None:
    assert get(path)[0] == status


def test_who_may_look() -> None:
    for path in ("/live/sessions", f"/live/sessions/{new_id()}"):
        assert get(path, None)[0] == 401
        assert get(path, Actor(kind=ActorKind.HUMAN))[0] == 403
