from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.idempotency import IdempotencyMiddleware
from jieli.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SOMEBODY = Actor(kind=ActorKind.HUMAN, id=new_id())


class Door:
    """Counts how often the view behind the middleware really ran."""

    def __init__(self, *, status: int = 200) -> None:
        self.runs, self.status = 0, status
        self.through = IdempotencyMiddleware(self._view)

    def _view(self, _request: HttpRequest) -> HttpResponse:
        self.runs += 1
        return JsonResponse({"run": self.runs}, status=self.status)

    def post(self, body: str, *, key: str = "k", actor: Actor | None = SOMEBODY) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        request = RequestFactory().post("/api/v1/x", body, content_type="application/json", headers=headers)
        request.actor = actor  # type: ignore[attr-defined]
        return self.through(request)


def test_a_repeated_write_happens_once_and_answers_the_same() -> None:
    door = Door()
    first, again = door.post("{}"), door.post("{}")
    assert door.runs == 1
    assert (first.status_code, first.content) == (again.status_code, again.content)


def test_another_body_under_the_same_key_is_refused() -> None:
    door = Door()
    door.post('{"a": 1}')
    assert door.post('{"a": 2}').status_code == 422
    assert door.runs == 1


def test_keys_are_each_actors_own_and_no_key_means_no_memory() -> None:
    door = Door()
    door.post("{}")
    door.post("{}", actor=Actor(kind=ActorKind.HUMAN, id=new_id()))
    door.post("{}", key="")
    door.post("{}", key="")
    assert door.runs == 4


def test_a_failed_write_may_be_tried_again() -> None:
    door = Door(status=503)
    door.post("{}")
    door.post("{}")
    assert door.runs == 2


def test_an_endless_key_is_refused() -> None:
    assert Door().post("{}", key="k" * 200).status_code == 422
