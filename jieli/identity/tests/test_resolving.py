from datetime import timedelta
from typing import Any

import pytest

from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityKind, Key, NewPerson, Tier
from jieli.identity.models import Conflict, Evidence, Identity, Merge, Person
from jieli.identity.tests.conftest import AT, Role, account, contact, email, openid, phone, unionid, visitor
from jieli.kernel import decisions, laws
from jieli.kernel.actor import SYSTEM
from jieli.kernel.models import Event

pytestmark = pytest.mark.django_db


def breaches() -> list[laws.Breach]:
    return [one for one in laws.breaches() if one.law in {5, 6, 8}]


def test_a_new_contact_makes_a_person_with_evidence_and_a_decision() -> None:
    (found,) = identity.resolve_many(
        [contact(openid("o1"), phone("13812345678"), name="李华", source="wechat:m1")]
    )
    assert (found.created, len(found.linked), found.conflict) == (True, 2, False)
    (decision,) = decisions.of(found.person, "identity.link")
    assert (decision.outcome, decision.decider) == ("created", "one-id@1")
    assert decision.inputs["source"] == "wechat:m1"
    assert decision.inputs["keys"][1]["masked"] == "138****5678"
    assert set(Evidence.objects.values_list("source", "why")) == {("wechat:m1", "told_by_contact")}
    assert Person.objects.get().name == "李华"
    assert breaches() == []


def test_known_contacts_cost_one_query_and_write_nothing(django_assert_num_queries: Any) -> None:
    heard = [contact(openid(f"o{n}"), phone(f"138123456{n:02}")) for n in range(30)]
    first = identity.resolve_many(heard)
    with django_assert_num_queries(1):
        again = identity.resolve_many(heard)
    assert [one.person for one in again] == [one.person for one in first]
    assert not any(one.created or one.linked for one in again)


@pytest.mark.parametrize("size", [3, 60])
def test_new_contacts_cost_a_fixed_number_of_queries(size: int, django_assert_max_num_queries: Any) -> None:
    heard = [contact(openid(f"o{n}"), phone(f"138123456{n:02}"), name=f"客人{n}") for n in range(size)]
    with django_assert_max_num_queries(14):
        identity.resolve_many(heard)
    assert Person.objects.count() == size


def test_cards_of_many_cost_three_queries(role: Role, django_assert_num_queries: Any) -> None:
    found = identity.resolve_many([contact(openid(f"o{n}"), name=f"王{n}") for n in range(30)])
    with django_assert_num_queries(3):
        cards = identity.cards([one.person for one in found], role("agent"))
    assert {(card.name, card.name_masked) for card in cards.values()} == {(None, "王*"), (None, "王**")}


def test_equal_keys_in_one_call_are_one_person() -> None:
    found = identity.resolve_many(
        [
            contact(visitor("v1")),
            contact(openid("o1"), phone("13812345678")),
            contact(visitor("v1"), phone("13812345678")),
        ]
    )
    assert len({one.person for one in found}) == 1
    assert Merge.objects.count() == 1
    assert found[0].own != found[1].own
    assert breaches() == []


def test_an_automatic_merge_is_explained_told_and_counts_for_old_ids() -> None:
    visiting, buying = identity.resolve_many(
        [contact(visitor("v1")), contact(openid("o1"), phone("13812345678"))]
    )
    (found,) = identity.resolve_many([contact(visitor("v1"), phone("13812345678"), source="web:m9")])
    assert (found.person, found.own) == (buying.person, visiting.person)
    assert identity.canonical(visiting.person) == buying.person
    assert identity.family(visiting.person) == {visiting.person, buying.person}
    (decision,) = decisions.of(buying.person, "identity.merge")
    assert decision.reasons == ("shared_key:phone", "no_contradiction")
    assert Event.objects.filter(name="person.merged", subject=buying.person).count() == 1
    assert breaches() == []


def test_contradicting_keys_make_a_conflict_once_and_the_channel_key_decides() -> None:
    first, second = identity.resolve_many(
        [
            contact(openid("o1"), unionid("u1"), phone("13812345678")),
            contact(openid("o2"), unionid("u2"), phone("13812345678")),
        ]
    )
    assert first.person != second.person
    for _ in range(3):
        (again,) = identity.resolve_many([contact(openid("o2"), phone("13812345678"))])
        assert (again.person, again.conflict) == (second.person, True)
    assert Conflict.objects.count() == 1
    assert breaches() == []


def test_chained_merges_in_one_call_end_at_one_root() -> None:
    identity.resolve_many(
        [contact(visitor("v1")), contact(openid("o1")), contact(account("a1"), phone("13812345678"))]
    )
    found = identity.resolve_many(
        [contact(visitor("v1"), openid("o1")), contact(openid("o1"), account("a1"))]
    )
    assert len({one.person for one in found}) == 1
    assert Person.objects.filter(merged_into=None).count() == 1
    assert breaches() == []


def test_a_weak_key_becomes_strong_when_it_is_proved() -> None:
    (first,) = identity.resolve_many([contact(openid("o1"), email("li@example.com"))])
    (then,) = identity.resolve_many([contact(openid("o1"), email("li@example.com", verified=True))])
    assert then.person == first.person
    assert identity.resolve_many([contact(email("Li@example.com", verified=True))])[0].person == first.person
    shown = [one for one in identity.identities(first.person, SYSTEM) if one.kind is IdentityKind.EMAIL]
    assert [(one.strong, one.masked) for one in shown] == [(True, "l***@example.com")]


def test_a_strong_key_that_is_proved_later_keeps_the_proof() -> None:
    identity.resolve_many([contact(phone("13812345678"))])
    proved = Key(IdentityKind.PHONE, "", "13812345678", verified=True)
    identity.resolve_many([contact(proved, source="sms:1")])
    identity.resolve_many([contact(proved, source="sms:2")])
    assert Identity.objects.get().verified
    assert list(Evidence.objects.order_by("id").values_list("source", "why")) == [
        ("test", "told_by_contact"),
        ("sms:1", "verified"),
    ]


def test_when_a_key_was_last_seen_moves_forward_at_most_hourly(django_assert_num_queries: Any) -> None:
    identity.resolve_many([contact(openid("o1"))])
    with django_assert_num_queries(1):
        identity.resolve_many([contact(openid("o1"), at=AT + timedelta(minutes=59))])
    identity.resolve_many([contact(openid("o1"), at=AT + timedelta(hours=2))])
    identity.resolve_many([contact(openid("o1"), at=AT)])
    assert Identity.objects.get().last_seen == AT + timedelta(hours=2)


def test_a_person_without_a_name_takes_the_first_one_given() -> None:
    (found,) = identity.resolve_many([contact(openid("o1"))])
    identity.resolve_many([contact(openid("o1"), phone("13812345678"), name="欧阳娜娜")])
    identity.resolve_many([contact(openid("o1"), phone("13912345678"), name="别的名字")])
    assert identity.card(found.person, SYSTEM).name == "欧阳娜娜"
    assert [one.id for one in identity.find(SYSTEM, "欧阳")] == [found.person]


def test_nothing_readable_lies_in_the_database() -> None:
    identity.resolve_many([contact(phone("13812345678"), email("li@example.com"), name="李华的名字")])
    from django.db import connection

    with connection.cursor() as cursor:
        for table in (
            "identity_person",
            "identity_identity",
            "kernel_decision",
            "identity_evidence",
            "kernel_event",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            dump = repr(cursor.fetchall())
            assert "13812345678" not in dump
            assert "li@example.com" not in dump
            assert "李华" not in dump


@pytest.mark.parametrize("value", ["\x00", "\ud800", "🙂" * 90, "a" * 5000, "'; DROP TABLE x; --", "\u202e"])
def test_odd_input_is_taken(value: str) -> None:
    heard = contact(
        Key(IdentityKind.OPEN_SENDER, value, value), Key(IdentityKind.PHONE, "", value), name=value
    )
    (first,) = identity.resolve_many([heard])
    (again,) = identity.resolve_many([heard])
    assert first.person == again.person


def test_importing_is_bulk_idempotent_and_finds_who_is_known(django_assert_max_num_queries: Any) -> None:
    (known,) = identity.resolve_many([contact(openid("o1"), phone("13812345601"))])
    new = [
        NewPerson(
            keys=(account(f"a{n}"), phone(f"138123456{n:02}")),
            name=f"客人{n}",
            source="import:crm",
            at=AT,
            tier=Tier.GOLD,
            tags=("vip",),
            traits={"points": n},
        )
        for n in range(50)
    ]
    with django_assert_max_num_queries(25):
        first = identity.import_persons(SYSTEM, new)
    assert first[1] == known.person
    assert identity.import_persons(SYSTEM, new) == first
    assert Person.objects.count() == 50
    shown = identity.person(first[7], SYSTEM)
    assert (shown.card.tier, shown.card.tags, shown.traits["points"].value) == (Tier.GOLD, ("vip",), 7)
    assert identity.tiers(first[:2]) == dict.fromkeys(first[:2], Tier.GOLD)
    assert breaches() == []
