from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Forbidden
from jieli.knowledge import facade, paths
from jieli.knowledge.contracts import Choice, EndKind, Path, PathEnd, PathId, Scope, Step, Words
from jieli.knowledge.errors import PathBroken
from jieli.knowledge.tests.makers import actor

ENDS = {
    "fine": PathEnd(EndKind.SOLVED, "", Words("好了", "Done")),
    "visit": PathEnd(EndKind.HAND_OVER, "appliance_tech", Words("请师傅上门", "We send somebody")),
}
POWER = Step(
    "power",
    Words("请看插头。", "Look at the plug."),
    Words("插头插好了吗？", "Is it plugged in?"),
    (Choice(Words("插好了", "Yes"), step="light"), Choice(Words("没插好", "No"), end="fine")),
)
LIGHT = Step(
    "light",
    Words(""),
    Words("指示灯什么颜色？"),
    (
        Choice(Words("红色"), end="visit", words=("红的", "发红")),
        Choice(Words("绿色"), end="fine"),
        Choice(Words("不亮"), end="visit"),
    ),
)


def path(slug: str = "no-cooling", *steps: Step, **more: object) -> Path:
    values = {
        "id": PathId(uuid4()),
        "slug": slug,
        "title": Words("空调不制冷"),
        "intents": ("quality_issue",),
        "scope": Scope(),
        "triggers": ("不制冷", "不凉"),
        "steps": steps or (POWER, LIGHT),
        "ends": ENDS,
    }
    return Path(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "answer", "confirmed", "where"),
    [
        ("power", "插好了", None, "light"),
        ("power", "1", None, "light"),
        ("power", "2", None, "fine"),
        ("power", "没插好", None, "fine"),
        ("power", "No", None, "fine"),
        ("power", "对的", None, "light"),
        ("power", "是", True, "light"),
        ("power", "好像没有", None, "fine"),
        ("power", "", None, None),
        ("light", "有点发红", None, "visit"),
        ("light", "绿色的", None, "fine"),
        ("light", "不亮。", None, "visit"),
        ("light", "3", None, "visit"),
        ("light", "4", None, None),
        ("light", "蓝色", None, None),
        ("light", "一会红色一会绿色", None, None),
        ("gone", "1", None, None),
    ],
)
def test_an_answer_leads_to_a_step_an_end_or_nowhere(
    step: str, answer: str, confirmed: bool | None, where: str | None
) -> None:
    move = facade.take(path(), step, answer, confirmed=confirmed)
    reached = move.step.key if move.step else next((k for k, end in ENDS.items() if end is move.end), None)
    assert reached == where


@pytest.mark.parametrize(
    "broken",
    [
        {"steps": ()},
        {"steps": (POWER,)},
        {"ends": {}},
        {"steps": (Step("a", Words(""), Words("?"), (Choice(Words("x"), step="a"),)),)},
        {"steps": (Step("a", Words(""), Words("?"), (Choice(Words("x"), step="a", end="fine"),)),)},
        {"steps": (Step("a", Words(""), Words("?"), ()),)},
    ],
)
def test_a_path_that_does_not_lead_out_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(PathBroken):
        paths.check(replace(path("broken"), **broken))


@pytest.mark.django_db
def test_the_path_for_a_message_fits_its_intent_its_words_and_its_product() -> None:
    facade.import_paths(SYSTEM, [path(), path("fridge", triggers=("不制冷",), scope=Scope(skus=("F-1",)))])
    intents = ("quality_issue",)
    assert _slug(facade.path_for("空调不凉了", intents)) == "no-cooling"
    assert _slug(facade.path_for("不制冷", intents, skus=("F-1",))) == "fridge"
    assert _slug(facade.path_for("不制冷", intents, skus=("A-1",))) == "no-cooling"
    assert facade.path_for("不制冷", ("track",)) is None
    assert facade.path_for("漏水", intents) is None


def _slug(found: Path | None) -> str:
    return found.slug if found else ""


@pytest.mark.django_db
def test_a_saved_path_is_used_at_once_and_counts_its_versions() -> None:
    saved = facade.save_path(SYSTEM, path())
    assert facade.paths()[saved.id] == saved
    assert facade.save_path(SYSTEM, path(triggers=("漏水",))).version == 2
    assert _slug(facade.path_for("漏水了", ("quality_issue",))) == "no-cooling"
    with pytest.raises(Forbidden):
        facade.save_path(actor("write"), path())
