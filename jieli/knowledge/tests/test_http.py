from typing import Any

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from jieli.kernel.actor import Actor
from jieli.kernel.http import add_problem_handlers
from jieli.knowledge.http import router
from jieli.knowledge.tests.makers import actor

pytestmark = pytest.mark.django_db
NEW = {
    "slug": "returns",
    "texts": {"zh": {"title": "怎么退货", "body": "七天内可退。", "questions": ["能退吗"]}},
}
AUTHOR, REVIEWER = actor("read", "write"), actor("read", "review")


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = NinjaAPI(urls_namespace="knowledge-tests")
    add_problem_handlers(api)
    api.add_router("", router)
    return TestClient(api)


def _call(client: TestClient, who: Actor | None, verb: str, path: str, **more: Any) -> Any:
    return getattr(client, verb)(path, actor=who, **more)


def test_an_article_goes_from_draft_to_readers(client: TestClient) -> None:
    made = _call(client, AUTHOR, "post", "/articles", json=NEW).json()
    assert (made["state"], made["version"]) == ("draft", 1)
    at = f"/articles/{made['id']}"
    assert _call(client, AUTHOR, "post", f"{at}/submit").json()["state"] == "in_review"
    assert _call(client, AUTHOR, "post", f"{at}/publish").status_code == 403
    assert _call(client, REVIEWER, "post", f"{at}/publish").json()["published"] == 1
    hits = _call(client, AUTHOR, "get", "/articles/search?q=能退吗&limit=1").json()
    assert [hit["slug"] for hit in hits] == ["returns"]
    listed = _call(client, AUTHOR, "get", "/articles?state=published").json()
    assert [row["title"] for row in listed["items"]] == ["怎么退货"]
    assert listed["next_cursor"] is None


def test_versions_changes_and_restoring(client: TestClient) -> None:
    made = _call(client, AUTHOR, "post", "/articles", json=NEW).json()
    at = f"/articles/{made['id']}"
    other = actor("read", "write")
    changed = {**NEW, "texts": {"zh": {"title": "怎么退货", "body": "十五天内可退。"}}}
    assert _call(client, other, "post", "/articles", json=changed).json()["version"] == 2
    diff = _call(client, AUTHOR, "get", f"{at}/changes?old=1&new=2").json()
    assert {d["at"] for d in diff} == {"zh.body", "zh.questions"}
    assert _call(client, AUTHOR, "post", f"{at}/restore", json={"version": 1}).json()["version"] == 3
    assert [v["number"] for v in _call(client, AUTHOR, "get", f"{at}/versions").json()] == [3, 2, 1]
    assert _call(client, AUTHOR, "get", f"{at}?version=2").json()["texts"]["zh"]["body"] == "十五天内可退。"


def test_replies_and_paths(client: TestClient) -> None:
    reply = {"group": {"zh": "物流"}, "title": {"zh": "催"}, "text": {"zh": "{name}您好"}}
    saved = _call(client, AUTHOR, "put", "/saved-replies/hello", json=reply).json()
    filled = _call(
        client, AUTHOR, "post", f"/saved-replies/{saved['slug']}/fill", json={"variables": {"name": "林"}}
    )
    assert filled.json() == {"text": "林您好", "missing": []}
    assert _call(client, AUTHOR, "delete", f"/saved-replies/{saved['slug']}").status_code == 204
    step = {
        "key": "a",
        "guide": {"zh": ""},
        "question": {"zh": "好了吗"},
        "choices": [{"label": {"zh": "好了"}, "end": "e"}],
    }
    path = {"title": {"zh": "路"}, "intents": ["quality_issue"], "steps": [step]}
    ends = {"e": {"kind": "solved", "text": {"zh": "好"}}}
    made = _call(client, REVIEWER, "put", "/resolution-paths/p", json={**path, "ends": ends}).json()
    assert _call(client, AUTHOR, "get", f"/resolution-paths/{made['slug']}").json() == made
    assert _call(client, REVIEWER, "put", "/resolution-paths/p", json={**path, "ends": {}}).status_code == 422


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("post", "/articles", {**NEW, "slug": "a\x00b"}),
        ("post", "/articles", {**NEW, "texts": {}}),
        ("post", "/articles", {**NEW, "texts": {"zh": {"title": "a\ud800", "body": "b"}}}),
        ("post", "/articles", {**NEW, "valid_from": "2026-01-01T00:00:00"}),
        ("get", "/articles?cursor=nonsense", None),
        ("get", "/articles/search?q=x&limit=99999999999999999999", None),
        ("get", "/articles/01900000-0000-7000-8000-000000000000?version=0", None),
    ],
)
def test_what_cannot_be_used_is_a_problem(client: TestClient, verb: str, path: str, body: Any) -> None:
    answer = _call(client, AUTHOR, verb, path, **({"json": body} if body else {}))
    assert answer.status_code == 422
    assert answer.json()["code"] in ("invalid", "nothing_to_read")


@pytest.mark.parametrize(("who", "status"), [(None, 401), (actor(), 403)])
def test_nobody_reads_without_permission(client: TestClient, who: Actor | None, status: int) -> None:
    for path in ("/articles", "/articles/search?q=x", "/saved-replies", "/resolution-paths"):
        assert _call(client, who, "get", path).status_code == status


def test_what_does_not_exist_is_not_found(client: TestClient) -> None:
    for path in ("", "/versions", "/changes?old=1&new=2"):
        at = f"/articles/01900000-0000-7000-8000-000000000000{path}"
        assert _call(client, AUTHOR, "get", at).status_code == 404
