"""The planner alone, without a database: an in-memory world takes its plans and is looked at."""

from collections import defaultdict
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from jieli.identity import linking, policy, reading
from jieli.identity.contracts import Contact, Key
from jieli.identity.linking import Known, Plan, ReadContact
from jieli.identity.tests.conftest import account, contact, email, openid, phone, unionid, visitor

_KEYS: list[Key] = [
    *(openid(f"o{n}") for n in range(4)),
    *(openid(f"m{n}", "wx-mini") for n in range(3)),
    *(unionid(f"u{n}") for n in range(3)),
    *(phone(f"1381234567{n}") for n in range(3)),
    *(visitor(f"v{n}") for n in range(3)),
    *(account(f"a{n}") for n in range(3)),
    phone("138****5678"),
    phone("4008001234"),
    email("li@example.com"),
    email("li@example.com", verified=True),
]
contacts = st.lists(st.sampled_from(_KEYS), min_size=1, max_size=4, unique=True).map(
    lambda keys: contact(*keys)
)


class World:
    def __init__(self) -> None:
        self.known = Known()
        self.held: dict[str, policy.ReadKey] = {}

    def hear(self, *heard: Contact) -> Plan:
        read = [reading.read_contact(one) for one in heard]
        plan = linking.plan(read, self.known)
        self.held |= {link.key.blind: link.key for link in plan.links if link.key.strong}
        return plan

    def families(self) -> dict[UUID, list[policy.ReadKey]]:
        found: dict[UUID, list[policy.ReadKey]] = defaultdict(list)
        for blind, key in self.held.items():
            found[self.known.roots[self.known.owners[blind].person]].append(key)
        return found


def test_a_visitor_who_gives_a_phone_is_the_person_of_that_phone() -> None:
    world = World()
    first = world.hear(contact(visitor("v1")), contact(openid("o1"), phone("13812345678")))
    assert len(first.people) == 2
    then = world.hear(contact(visitor("v1"), phone("+86 138 1234 5678")))
    (merge,) = then.merges
    assert merge.survivor == first.settled[1].person  # who holds more keys stays
    assert then.root(then.settled[0].person) == first.settled[1].person


def test_two_wechat_users_with_one_phone_stay_two() -> None:
    world = World()
    first = world.hear(contact(openid("o1"), unionid("u1"), phone("13812345678")))
    then = world.hear(contact(openid("o2"), unionid("u2"), phone("13812345678")))
    assert then.settled[0].person != first.settled[0].person
    assert then.settled[0].conflict
    assert not then.merges
    (conflict,) = then.conflicts
    assert (conflict.left, conflict.right) == (then.settled[0].person, first.settled[0].person)
    again = world.hear(contact(openid("o2"), unionid("u2"), phone("13812345678")))
    assert again.changes_nothing
    assert again.settled[0].conflict


def test_two_phones_are_no_contradiction() -> None:
    world = World()
    world.hear(contact(openid("o1"), phone("13812345678")))
    then = world.hear(contact(openid("o1"), phone("13912345678")))
    assert [link.key.value for link in then.links] == ["+8613912345678"]
    assert not then.conflicts


def test_a_second_unionid_for_one_openid_is_left_to_a_human() -> None:
    world = World()
    world.hear(contact(openid("o1"), unionid("u1")))
    then = world.hear(contact(openid("o1"), unionid("u2")))
    (conflict,) = then.conflicts
    assert conflict.right is None
    assert not then.links


def test_a_browser_shared_by_two_accounts_does_not_show_one_the_others_story() -> None:
    world = World()
    first = world.hear(contact(visitor("v1"), account("a1")))
    then = world.hear(contact(visitor("v1"), account("a2")))
    assert then.settled[0].person != first.settled[0].person
    assert then.settled[0].conflict
    assert world.hear(contact(account("a2"))).settled[0].person == then.settled[0].person


def test_weak_keys_are_noted_and_join_nobody() -> None:
    world = World()
    plan = world.hear(
        contact(openid("o1"), phone("138****5678"), email("li@example.com")),
        contact(openid("o2"), phone("138****5678"), email("li@example.com")),
    )
    assert len(plan.people) == 2
    assert not plan.merges
    assert sum(not link.key.strong for link in plan.links) == 4
    assert world.hear(contact(openid("o1"), phone("138****5678"))).changes_nothing


def test_a_contact_that_says_nothing_stands_for_itself() -> None:
    world = World()
    plan = world.hear(
        contact(phone("95013123456"), source="cti:1"), contact(phone("95013123456"), source="cti:2")
    )
    assert len(plan.people) == 2
    assert world.hear(contact(phone("95013123456"), source="cti:1")).changes_nothing


@given(st.lists(contacts, max_size=12))
def test_no_order_of_contacts_joins_contradicting_keys(heard: list[Contact]) -> None:
    world = World()
    for one in heard:
        world.hear(one)
    for keys in world.families().values():
        slots = [key.slot for key in keys if policy.is_exclusive(key.kind)]
        assert len(slots) == len(set(slots))


@given(st.lists(contacts, max_size=8))
def test_hearing_all_again_changes_nothing(heard: list[Contact]) -> None:
    world = World()
    world.hear(*heard)
    world.hear(*heard)  # keys that met in the first round may settle once more
    world.hear(*heard)
    assert world.hear(*heard).changes_nothing


@given(st.lists(contacts, min_size=1, max_size=8))
def test_a_batch_is_the_same_as_one_by_one(heard: list[Contact]) -> None:
    batch, single = World(), World()
    batch.hear(*heard)
    for one in heard:
        single.hear(one)
    as_sets = [
        {frozenset(key.blind for key in keys) for keys in world.families().values()}
        for world in (batch, single)
    ]
    assert as_sets[0] == as_sets[1]


@given(st.lists(contacts, min_size=1, max_size=8))
def test_every_contact_gets_a_person_and_every_strong_key_one_owner(heard: list[Contact]) -> None:
    world = World()
    plan = world.hear(*heard)
    assert len(plan.settled) == len(heard)
    strong: list[str] = [link.key.blind for link in plan.links if link.key.strong]
    assert len(strong) == len(set(strong))
    for read, settled in zip(map(reading.read_contact, heard), plan.settled, strict=True):
        assert isinstance(read, ReadContact)
        assert settled.person in world.known.roots
