"""Several workers at once: no key with two owners, no person twice, no merge half done."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections

from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, Resolution
from jieli.identity.models import Identity, Person
from jieli.identity.tests.conftest import account, contact, openid, phone, visitor
from jieli.kernel import laws

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="the tests' SQLite lives in memory, which threads cannot share; writers queue there anyway",
    ),
]
T = TypeVar("T")
_WORKERS = 4


def at_once(work: Callable[[int], T]) -> list[T]:
    gate = Barrier(_WORKERS)

    def run(number: int) -> T:
        try:
            gate.wait(timeout=10)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(run, range(_WORKERS)))


def assert_whole() -> None:
    assert [one for one in laws.breaches() if one.law in {5, 6, 8}] == []


def test_the_same_new_contacts_in_all_workers_make_each_person_once() -> None:
    heard = [contact(openid(f"o{n}"), phone(f"138123456{n:02}"), name=f"客人{n}") for n in range(40)]

    def work(number: int) -> list[Resolution]:
        mine = heard if number % 2 else heard[::-1]
        return identity.resolve_many(mine)

    found = at_once(work)
    people = {one.person for one in found[1]}
    assert all({one.person for one in each} == people for each in found)
    assert Person.objects.count() == 40
    assert Identity.objects.count() == 80
    assert_whole()


def test_workers_that_join_the_same_persons_leave_one() -> None:
    identity.resolve_many([contact(visitor("v1")), contact(openid("o1")), contact(account("a1"))])
    links = [
        contact(visitor("v1"), openid("o1")),
        contact(openid("o1"), account("a1")),
        contact(account("a1"), visitor("v1")),
        contact(visitor("v1"), phone("13812345678"), account("a1")),
    ]
    at_once(lambda number: identity.resolve_many([links[number]]))
    found = identity.resolve_many(links)
    assert len({one.person for one in found}) == 1
    assert Person.objects.filter(merged_into=None).count() == 1
    assert_whole()


def test_a_contested_phone_has_one_owner_and_nobody_with_another_account_is_joined() -> None:
    at_once(lambda number: identity.resolve_many([contact(account(f"a{number}"), phone("13812345678"))]))
    assert Person.objects.filter(merged_into=None).count() == _WORKERS
    assert Identity.objects.filter(kind="phone").count() == 1
    assert_whole()


def test_of_several_accounts_that_claim_one_visitor_at_once_one_gets_it() -> None:
    turns = 5
    for turn in range(turns):
        browser, caller = visitor(f"v{turn}"), phone(f"1381234567{turn}")
        identity.resolve_many([contact(browser, caller)])
        accounts = [account(f"a{turn}{number}") for number in range(_WORKERS)]
        identity.resolve_many([contact(one) for one in accounts])
        claims = [[contact(browser, one)] for one in accounts]
        at_once(partial(_resolve_one_of, claims))
    assert_whole()
    assert Person.objects.exclude(merged_into=None).count() == turns


def _resolve_one_of(claims: Sequence[Sequence[Contact]], number: int) -> list[Resolution]:
    return identity.resolve_many(claims[number])
