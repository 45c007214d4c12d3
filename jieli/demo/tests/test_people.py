from collections import Counter
from datetime import time

from jieli.demo.brand.contracts import ConflictKind, Customer, DemoBrand, IdentityKind, Role, Tier


def holders(lumora: DemoBrand, kind: IdentityKind, value: str) -> set[str]:
    return {
        one.key
        for one in lumora.customers
        for held in one.identities
        if (held.kind, held.value) == (kind, value)
    }


def test_customers_have_several_identities_of_every_kind(lumora: DemoBrand) -> None:
    counts = [len(one.identities) for one in lumora.customers]
    assert min(counts) >= 2
    assert sum(counts) / len(counts) > 3
    assert {held.kind for one in lumora.customers for held in one.identities} == set(IdentityKind)
    assert {one.tier for one in lumora.customers} == set(Tier)


def test_households_share_an_address_but_not_a_name(lumora: DemoBrand) -> None:
    homes: dict[str, list[Customer]] = {}
    for one in lumora.customers:
        if one.household:
            homes.setdefault(one.household, []).append(one)
    assert len(homes) > 100
    for members in homes.values():
        assert len({one.addresses[0].line for one in members}) == 1
        assert len({one.name for one in members}) == len(members) > 1


def test_a_conflict_is_an_identity_that_all_its_customers_hold(lumora: DemoBrand) -> None:
    assert {one.kind for one in lumora.conflicts} == set(ConflictKind)
    for one in lumora.conflicts:
        assert holders(lumora, one.identity, one.value) == set(one.customers)
        assert len(one.customers) == 2


def test_only_conflicts_put_one_identity_on_two_customers(lumora: DemoBrand) -> None:
    counted = Counter((held.kind, held.value) for one in lumora.customers for held in one.identities)
    shared = {key for key, times in counted.items() if times > 1}
    assert shared == {(one.identity, one.value) for one in lumora.conflicts}


def test_nobody_bought_before_joining(lumora: DemoBrand) -> None:
    joined = {one.key: one.joined_at for one in lumora.customers}
    assert all(joined[one.customer] < one.placed_at for one in lumora.orders)


def test_the_desk_is_staffed(lumora: DemoBrand) -> None:
    roles = Counter(one.role for one in lumora.staff)
    assert roles[Role.AGENT] >= 24
    assert roles[Role.EXPERT] >= 4
    assert roles[Role.SUPERVISOR] >= 2
    assert roles[Role.ADMIN] == 1
    teams, skills = {one.key for one in lumora.teams}, {one.key for one in lumora.skills}
    calendars = {one.key for one in lumora.calendars}
    supervisors = {one.login for one in lumora.staff if one.role is Role.SUPERVISOR}
    for one in lumora.staff:
        assert one.team in teams
        assert one.calendar in calendars
        assert {held.skill for held in one.skills} <= skills
    assert {one.supervisor for one in lumora.teams} <= supervisors
    assert {held.skill for one in lumora.staff for held in one.skills} == skills


def test_calendars_have_breaks_and_run_past_midnight(lumora: DemoBrand) -> None:
    intervals = [one for calendar in lumora.calendars for day in calendar.weekdays for one in day]
    assert any(time() < one.end < one.start for one in intervals)
    assert all(len(calendar.weekdays) == 7 for calendar in lumora.calendars)
    assert all(len(calendar.weekdays[0]) > 1 for calendar in lumora.calendars)
    assert any(calendar.closed and calendar.extra for calendar in lumora.calendars)
