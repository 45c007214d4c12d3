"""A model behind the port: what it may do, and what it never may."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest

from jieli.bot import facade
from jieli.bot.contracts import Action, BotMove
from jieli.bot.model import client, loop
from jieli.bot.tests.makers import TRACKING, article, move, parcel, turn, with_facts
from jieli.kernel.errors import Permanent, Transient
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db


class Model:
    """Answers from a list, and keeps what it was given."""

    def __init__(self, *answers: Mapping[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.given: list[Sequence[Mapping[str, Any]]] = []
        self.tools: Sequence[Mapping[str, Any]] = ()

    def __call__(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        self.given.append(list(messages))
        self.tools = tools
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _says(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def _calls(name: str, **arguments: Any) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "function": function}]}


TRACK = turn("到哪了", Intent.TRACK)


def _improved(model: Model) -> tuple[BotMove, BotMove]:
    about = with_facts(TRACK, parcel())
    rule = move(about)
    return rule, loop.improved(about, rule, model, "tiny")


def test_a_grounded_answer_is_said_with_the_rules_sources() -> None:
    rule, said = _improved(Model(_says(f"您好，包裹 {TRACKING} 已离开杭州，预计明天 18:00 前送到。")))
    assert said.text.startswith("您好，包裹")
    assert (said.sources, said.decider) == (rule.sources, "bot@1+tiny")
    assert said.dialogue == rule.dialogue


@pytest.mark.parametrize("text", ["明天 12:00 前送到。", "王师傅会送。", "送您 50 元券。", "", "好" * 700])
def test_an_invented_or_useless_answer_is_never_said(text: str) -> None:
    rule, said = _improved(Model(_says(text)))
    assert (said.text, said.action, said.decider) == (rule.text, rule.action, rule.decider)
    assert any(reason.startswith("model_") for reason in said.reasons)


@pytest.mark.parametrize("error", [Transient("slow"), Permanent("gone")])
def test_a_model_that_fails_changes_nothing_but_the_trace(error: Exception) -> None:
    rule, said = _improved(Model(error))
    assert said.text == rule.text
    assert "model_failed" in said.reasons


def test_a_model_may_find_an_article_that_the_rules_did_not() -> None:
    article("noise", "空调噪音标准", "正常运行低于 45 分贝。", "空调多响算正常", intents=("product_info",))
    about = turn("晚上睡觉嗡嗡的声音大得受不了这正常吗", Intent.OTHER)
    rule = move(about)
    assert rule.action is Action.HAND_OVER
    model = Model(_calls("knowledge__find", question="空调噪音"), _says("正常运行低于 45 分贝。"))
    said = loop.improved(about, rule, model, "tiny")
    assert (said.action, said.handover, [s.ref for s in said.sources]) == (Action.ANSWER, None, ["noise"])
    unfounded = loop.improved(about, rule, Model(_says("正常的。")), "tiny")
    assert unfounded.handover == rule.handover


def test_tools_never_take_a_person_from_the_model_and_strange_calls_do_no_harm() -> None:
    model = Model(_calls("roles__grant", person=str(uuid4())), {"tool_calls": [{"id": "2"}]}, _says(""))
    rule, said = _improved(model)
    assert said.text == rule.text
    assert all("person" not in tool["function"]["parameters"]["properties"] for tool in model.tools)
    assert [m["content"][:5] for m in model.given[-1] if m.get("role") == "tool"] == ["error", "error"]


def test_hand_overs_and_questions_are_left_to_the_rules() -> None:
    asked = turn("转人工", Intent.HUMAN_AGENT)
    rule = move(asked)
    assert loop.improved(asked, rule, Model(), "tiny") is rule


def test_without_a_model_nothing_changes() -> None:
    rule = move(TRACK)
    assert facade.model() == ""
    assert facade.with_model(TRACK, rule) is rule


def _answering(status: int, body: Any = None) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _request: httpx.Response(status, json=body))


def test_the_client_speaks_the_common_protocol(settings: Any) -> None:
    settings.JIELI_LLM_URL, settings.JIELI_LLM_MODEL, settings.JIELI_LLM_KEY = (
        "http://llm.test/v1/",
        "tiny",
        "k",
    )
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"choices": [{"message": _says("好")}]})

    assert client.chat([_says("a")], [], transport=httpx.MockTransport(answer)) == _says("好")
    assert str(seen[0].url) == "http://llm.test/v1/chat/completions"
    assert seen[0].headers["Authorization"] == "Bearer k"
    assert client.configured() == "tiny"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, {}, Transient),
        (429, {}, Transient),
        (401, {}, Permanent),
        (200, {}, Permanent),
        (200, [1], Permanent),
    ],
)
def test_what_goes_wrong_is_permanent_or_transient(
    settings: Any, status: int, body: Any, error: type[Exception]
) -> None:
    settings.JIELI_LLM_URL, settings.JIELI_LLM_MODEL = "http://llm.test/v1", "tiny"
    with pytest.raises(error):
        client.chat([], [], transport=_answering(status, body))
