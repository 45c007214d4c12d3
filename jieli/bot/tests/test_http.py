from typing import Any

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from jieli.bot.http import router
from jieli.bot.tests.makers import article
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.http import add_problem_handlers

pytestmark = pytest.mark.django_db
WRITER = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"knowledge.read"}))


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = NinjaAPI(urls_namespace="bot-tests")
    add_problem_handlers(api)
    api.add_router("", router)
    return TestClient(api)


def _preview(client: TestClient, who: Actor | None, body: dict[str, Any]) -> Any:
    return client.post("/bot-previews", json=body, actor=who)


def test_writers_see_what_the_bot_would_say(client: TestClient) -> None:
    article("invoice", "电子发票怎么开", "在订单详情里申请。", "怎么开发票", intents=("invoice",))
    answer = _preview(client, WRITER, {"texts": ["怎么开发票", "转人工"]}).json()
    assert [one["move"]["action"] for one in answer] == ["answer", "hand_over"]
    assert answer[0]["move"]["sources"][0]["ref"] == "invoice"
    assert "电子发票怎么开" in answer[1]["move"]["handover"]["summary"]["zh"]


@pytest.mark.parametrize("body", [{}, {"texts": []}, {"texts": ["a\x00"]}, {"texts": ["a"], "locale": "fr"}])
def test_what_cannot_be_used_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert _preview(client, WRITER, body).status_code == 422


@pytest.mark.parametrize(("who", "status"), [(None, 401), (Actor(kind=ActorKind.HUMAN), 403)])
def test_only_readers_of_knowledge_may_try(client: TestClient, who: Actor | None, status: int) -> None:
    assert _preview(client, who, {"texts": ["在吗"]}).status_code == status
