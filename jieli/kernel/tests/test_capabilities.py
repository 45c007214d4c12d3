"""One declaration, three doors: Python, REST, and a tool for the bot."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.testing import TestClient

from jieli.kernel import capabilities
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.capabilities import capability
from jieli.kernel.errors import Forbidden, Invalid, NotFound
from jieli.kernel.http import add_problem_handlers

ID = UUID(int=5)
MAY = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"test.shout"}))
MAY_NOT = Actor(kind=ActorKind.HUMAN)


@dataclass(frozen=True, slots=True)
class Shouted:
    thing: UUID
    words: str


@capability("tests.shout", permission="test.shout", rest="POST /things/{thing}/shout", tool=True)
def shout(_actor: Actor, *, thing: UUID, words: str, times: int = 1) -> Shouted:
    """Say it loud."""
    return Shouted(thing, words.upper() * times)


def test_from_python_it_is_a_function_that_checks_the_permission() -> None:
    assert shout(MAY, thing=ID, words="ho") == Shouted(ID, "HO")
    with pytest.raises(Forbidden):
        shout(MAY_NOT, thing=ID, words="ho")


def test_as_a_tool_it_takes_and_gives_plain_json() -> None:
    assert capabilities.call(MAY, "tests__shout", {"thing": str(ID), "words": "ho", "times": 2}) == {
        "thing": str(ID),
        "words": "HOHO",
    }
    (tool,) = [found.as_tool() for found in capabilities.tools(MAY) if found.name == "tests.shout"]
    assert tool["function"]["description"] == "Say it loud."
    assert set(tool["function"]["parameters"]["required"]) == {"thing", "words"}
    assert not [found for found in capabilities.tools(MAY_NOT) if found.name == "tests.shout"]


@pytest.mark.parametrize(
    "arguments", [{}, {"thing": "no id", "words": "x"}, {"thing": str(ID), "words": "x", "more": 1}]
)
def test_arguments_that_do_not_fit_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        capabilities.call(MAY, "tests.shout", arguments)
    with pytest.raises(NotFound):
        capabilities.call(MAY, "tests.unknown", arguments)


def test_over_rest_path_and_body_are_its_arguments() -> None:
    api = NinjaAPI(urls_namespace="capability-test")
    add_problem_handlers(api)
    router = Router()
    capabilities.mount(router, of="jieli.kernel.tests")
    api.add_router("", router)

    def call(actor: Actor, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        request: type[HttpRequest] = TestClient(api)  # type: ignore[assignment]
        answer = request.post(f"/things/{ID}/shout", json=body, actor=actor)  # type: ignore[attr-defined]
        return answer.status_code, answer.json()

    assert call(MAY, {"words": "ho"}) == (200, {"thing": str(ID), "words": "HO"})
    assert call(MAY_NOT, {"words": "ho"})[0] == 403
    assert call(MAY, {})[0] == 422
