"""Law 6, nothing is irreversible by accident: whoever joins people sees before what happens, and can take it back."""

from typing import Any
from uuid import UUID

from jieli.identity.models import Identity, Merge, Person
from jieli.kernel import laws
from jieli.kernel.models import Decision
from jieli.reception import facade as reception
from tests.laws.client import Desk
from tests.laws.world import World

Families = dict[UUID, tuple[UUID, UUID | None]]


def _families() -> Families:
    return {row.id: (row.root_id, row.merged_into_id) for row in Person.objects.all()}


def _keys() -> set[tuple[UUID, UUID]]:
    return set(Identity.objects.filter(ended_at=None).values_list("id", "person"))


def _two(world: World) -> list[str]:
    world.say("app", "a", "你好", account="A-1")
    world.say("shop", "b", "你好", phone="13900000002")
    world.receive()
    return [line["person"] for line in reception.export_contacts()]


def test_a_merge_is_previewed_explained_and_undone(world: World) -> None:
    kept, gone = _two(world)
    world.hire("boss", role="supervisor")
    desk, before, keys = Desk("boss"), _families(), _keys()
    preview = desk.post(f"/persons/{kept}/merge-preview", {"absorbed": gone})
    assert _families() == before, "a preview changed something"
    assert {one["person"] for one in preview["identities"]} == {kept, gone}
    desk.post(f"/persons/{kept}/merge", {"absorbed": gone, "reason": " "}, status=422)
    merged = desk.post(f"/persons/{kept}/merge", {"absorbed": gone, "reason": "电话核实，同一个人"})
    assert _families() != before
    undone = desk.post(f"/merges/{merged['id']}/undo", {"reason": "核实有误，是两个人"})
    assert undone["undone_at"]
    assert (_families(), _keys()) == (before, keys)
    assert list(laws.breaches()) == []


def test_a_merge_by_itself_names_its_evidence_and_is_undone_for_good(world: World) -> None:
    """After it was undone, the same evidence does not join them again."""
    one, other = _two(world)
    world.say("app", "a", "我的电话", account="A-1", phone="13900000002")
    world.receive()
    merge = Merge.objects.get()
    assert merge.automatic
    assert merge.why
    assert Decision.objects.filter(kind="identity.merge").exists()
    world.hire("boss", role="supervisor")
    Desk("boss").post(f"/merges/{merge.id}/undo", {"reason": "夫妻共用电话"})
    assert _families()[UUID(one)][0] != _families()[UUID(other)][0]
    world.say("app", "a", "还是这个电话", account="A-1", phone="13900000002")
    world.receive()
    assert _families()[UUID(one)][0] != _families()[UUID(other)][0]
    assert list(laws.breaches()) == []


def test_chains_of_merges_are_undone_in_any_order(world: World) -> None:
    for name in "abc":
        world.say("app", name, "你好")
    world.receive()
    a, b, c = (line["person"] for line in reception.export_contacts())
    world.hire("boss", role="supervisor")
    desk, before = Desk("boss"), _families()
    first = _merged(desk, b, c)
    second = _merged(desk, a, b)
    for merge in (first, second):
        desk.post(f"/merges/{merge}/undo", {"reason": "核实有误"})
    assert _families() == before


def _merged(desk: Desk, kept: str, gone: str) -> Any:
    return desk.post(f"/persons/{kept}/merge", {"absorbed": gone, "reason": "电话核实"})["id"]


def test_those_without_the_right_cannot(world: World) -> None:
    kept, gone = _two(world)
    world.hire("lin")
    Desk("lin").post(f"/persons/{kept}/merge", {"absorbed": gone, "reason": "同一个人"}, status=403)
