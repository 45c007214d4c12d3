from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import ConflictState, Key, PersonId
from jieli.identity.errors import ContradictingKeys, LastKey, ReasonTooShort, SamePerson
from jieli.identity.models import Conflict, Identity, Merge, Person
from jieli.identity.tests.conftest import account, contact, openid, phone, unionid, visitor
from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.errors import Conflict as Meanwhile
from jieli.kernel.errors import Invalid, NotFound
from jieli.kernel.ids import new_id
from jieli.kernel.models import Event

pytestmark = pytest.mark.django_db
WHY = "客户来电确认"


def person(*keys: Key) -> PersonId:
    return identity.resolve_many([contact(*keys)])[0].person


def test_a_merge_is_previewed_explained_and_undone_with_everything_back(supervisor: Actor) -> None:
    kept, gone = person(openid("o1"), phone("13812345678")), person(account("a1"))
    preview = identity.merge_preview(supervisor, kept, gone)
    assert [one.kind for one in preview.identities] == ["wechat_openid", "phone", "account"]
    assert preview.contradictions == ()
    before = rows()
    merged = identity.merge(supervisor, kept, gone, WHY)
    assert person(account("a1")) == kept
    assert len(identity.identities(gone, SYSTEM)) == 3
    undone = identity.undo_merge(supervisor, merged.id, "弄错了，是两个人")
    assert undone.undone_at
    assert rows() == before
    assert [entry.action for entry in governance.written()] == [
        "person.merge",
        "person.merge.undo",
    ]
    assert set(Event.objects.values_list("name", flat=True)) == {"person.merged", "person.parted"}


def rows() -> tuple[object, object]:
    return (
        list(Person.objects.order_by("id").values_list("id", "root_id", "merged_into_id", "tier", "locale")),
        list(Identity.objects.order_by("id").values_list("id", "person_id", "blind", "strong", "ended_at")),
    )


def test_keys_linked_since_stay_with_the_person_they_came_through(supervisor: Actor) -> None:
    kept, gone = person(openid("o1")), person(visitor("v1"))
    merged = identity.merge(supervisor, kept, gone, WHY)
    assert person(visitor("v1"), phone("13812345678")) == kept
    identity.undo_merge(supervisor, merged.id, WHY)
    assert person(phone("13812345678")) == gone
    assert person(openid("o1")) == kept


def test_undoing_twice_changes_nothing(supervisor: Actor) -> None:
    merged = identity.merge(supervisor, person(openid("o1")), person(visitor("v1")), WHY)
    first = identity.undo_merge(supervisor, merged.id, WHY)
    assert identity.undo_merge(supervisor, merged.id, "再来一次") == first
    assert len(governance.written()) == 2


def test_what_a_human_parted_is_not_joined_again_by_a_shared_key(supervisor: Actor) -> None:
    kept, gone = person(openid("o1"), phone("13812345678")), person(visitor("v1"))
    assert person(visitor("v1"), phone("13812345678")) == kept
    identity.undo_merge(supervisor, Merge.objects.get().id, WHY)
    assert person(visitor("v1"), phone("13812345678")) == gone
    assert Merge.objects.count() == 1
    assert identity.merge_preview(supervisor, kept, gone).kept_apart


def test_merges_are_undone_in_any_order(supervisor: Actor) -> None:
    first, second, third = person(openid("o1")), person(visitor("v1")), person(account("a1"))
    before = rows()
    inner = identity.merge(supervisor, second, first, WHY)
    outer = identity.merge(supervisor, third, first, WHY)  # an old id stands for its canonical person
    assert {identity.canonical(one) for one in (first, second, third)} == {third}
    identity.undo_merge(supervisor, inner.id, WHY)
    assert identity.canonical(first) == first
    assert identity.canonical(second) == third
    identity.undo_merge(supervisor, outer.id, WHY)
    assert rows() == before


def test_contradicting_keys_are_not_merged_by_the_way(supervisor: Actor) -> None:
    kept, gone = (
        person(openid("o1"), unionid("union-number-one")),
        person(openid("o2"), unionid("union-number-two")),
    )
    preview = identity.merge_preview(supervisor, kept, gone)
    assert {(one.kind, one.left, one.right) for one in preview.contradictions} >= {
        ("wechat_unionid", "****-one", "****-two")
    }
    with pytest.raises(ContradictingKeys):
        identity.merge(supervisor, kept, gone, WHY)
    assert identity.canonical(gone) == gone


def test_reasons_and_persons_must_be_real(supervisor: Actor) -> None:
    kept, gone = person(openid("o1")), person(visitor("v1"))
    for reason in ("", "   ok  ", "\x00\x00\x00\x00"):
        with pytest.raises(ReasonTooShort):
            identity.merge(supervisor, kept, gone, reason)
    with pytest.raises(SamePerson):
        identity.merge(supervisor, kept, kept, WHY)
    with pytest.raises(NotFound):
        identity.merge(supervisor, kept, new_id(), WHY)
    with pytest.raises(NotFound):
        identity.undo_merge(supervisor, new_id(), WHY)


def test_phones_in_reasons_are_masked(supervisor: Actor) -> None:
    merged = identity.merge(supervisor, person(openid("o1")), person(visitor("v1")), "回拨13812345678确认")
    assert merged.why == "回拨138****5678确认"


def conflict() -> tuple[PersonId, PersonId, UUID]:
    first = person(openid("o1"), unionid("u1"), phone("13812345678"))
    second = person(openid("o2"), unionid("u2"), phone("13812345678"))
    return first, second, Conflict.objects.get().id


def test_a_human_may_say_that_one_person_holds_both(supervisor: Actor) -> None:
    first, second, raised = conflict()
    (shown,) = identity.conflicts(supervisor)
    assert (shown.left.id, shown.right and shown.right.id, shown.masked) == (second, first, "138****5678")
    decided = identity.decide_conflict(
        supervisor, raised, ConflictState.MERGED, "两个微信是同一人", survivor=first
    )
    assert decided.state is ConflictState.MERGED
    assert identity.canonical(second) == first
    assert identity.conflicts(supervisor) == []
    assert [one for one in laws.breaches() if one.law in {5, 6, 8}] == []


def test_a_human_may_say_that_they_are_two(supervisor: Actor) -> None:
    first, second, raised = conflict()
    identity.decide_conflict(supervisor, raised, ConflictState.APART, "一家人共用手机")
    assert identity.decide_conflict(supervisor, raised, ConflictState.APART, "一家人共用手机").decided_at
    with pytest.raises(Meanwhile):
        identity.decide_conflict(supervisor, raised, ConflictState.MERGED, WHY)
    (again,) = identity.resolve_many([contact(openid("o2"), phone("13812345678"))])
    assert (again.person, again.conflict) == (second, False)
    assert identity.canonical(first) == first


def test_decisions_must_make_sense(supervisor: Actor) -> None:
    *_, raised = conflict()
    with pytest.raises(Invalid):
        identity.decide_conflict(supervisor, raised, ConflictState.OPEN, WHY)
    with pytest.raises(Invalid):
        identity.decide_conflict(supervisor, raised, ConflictState.MERGED, WHY, survivor=new_id())
    with pytest.raises(NotFound):
        identity.decide_conflict(supervisor, new_id(), ConflictState.APART, WHY)
    assert Conflict.objects.get().state == ConflictState.OPEN


def test_one_key_can_be_taken_from_its_person(supervisor: Actor) -> None:
    kept = person(openid("o1"), phone("13812345678"))
    key = next(one for one in identity.identities(kept, supervisor) if one.kind == "phone")
    taken = identity.unlink(supervisor, key.id, "号码已换人")
    assert person(phone("13812345678")) == taken != kept
    assert person(openid("o1"), phone("13812345678")) == kept  # they stay apart
    with pytest.raises(LastKey):
        identity.unlink(supervisor, identity.identities(kept, supervisor)[0].id, WHY)
    assert [one for one in laws.breaches() if one.law in {5, 6, 8}] == []


def test_the_laws_see_what_was_tampered_with(supervisor: Actor) -> None:
    merged = identity.merge(supervisor, person(openid("o1")), person(visitor("v1")), WHY)
    Person.objects.filter(id=merged.absorbed).update(merged_into=None)
    assert {one.law for one in laws.breaches()} == {6}
    Person.objects.filter(id=merged.absorbed).update(merged_into=merged.survivor)
    Merge.objects.update(automatic=True)
    assert {one.law for one in laws.breaches()} == {5}


_POOL = [
    *(openid(f"o{n}") for n in range(3)),
    *(unionid(f"u{n}") for n in range(3)),
    *(phone(f"1381234567{n}") for n in range(2)),
    *(visitor(f"v{n}") for n in range(2)),
]
_steps = st.one_of(
    st.tuples(st.just("hear"), st.lists(st.sampled_from(_POOL), min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("merge"), st.tuples(st.integers(0, 9), st.integers(0, 9))),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("unlink"), st.integers(0, 9)),
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_steps, min_size=3, max_size=12))
def test_no_sequence_breaks_a_law(supervisor: Actor, steps: list[tuple[str, Any]]) -> None:
    with transaction.atomic():
        for name, given_ in steps:
            take(supervisor, name, given_)
            assert [one for one in laws.breaches() if one.law in {5, 6, 8}] == []
        undoing_restores(supervisor)
        transaction.set_rollback(True)


def undoing_restores(actor: Actor) -> None:
    """Whatever happened before, a merge undone leaves every person and key as it was."""
    roots = list(Person.objects.filter(merged_into=None).order_by("id").values_list("id", flat=True))
    before = rows()
    for other in roots[1:]:
        try:
            with transaction.atomic():
                merged = identity.merge(actor, roots[0], other, WHY)
        except ContradictingKeys:
            continue
        identity.undo_merge(actor, merged.id, WHY)
        assert rows() == before


def take(actor: Actor, step: str, given_: Any) -> None:
    """One step; what the rules refuse is refused."""
    people = list(Person.objects.order_by("id").values_list("id", flat=True))
    merges = list(Merge.objects.order_by("id").values_list("id", flat=True))
    keys = list(Identity.objects.order_by("id").values_list("id", flat=True))
    try:
        with transaction.atomic():
            if step == "hear":
                identity.resolve_many([contact(*given_)])
            elif step == "merge" and people:
                identity.merge(actor, people[given_[0] % len(people)], people[given_[1] % len(people)], WHY)
            elif step == "undo" and merges:
                identity.undo_merge(actor, merges[given_ % len(merges)], WHY)
            elif step == "unlink" and keys:
                identity.unlink(actor, keys[given_ % len(keys)], WHY)
    except (ContradictingKeys, SamePerson, LastKey):
        return
