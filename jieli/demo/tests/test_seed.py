from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import LANES, Inbound, MessageType, Sender
from jieli.demo import brand, seed, signins
from jieli.demo.brand.contracts import DemoBrand, IdentityKind
from jieli.demo.loading.outlets import HOTLINE, MINI, OFFICIAL, OPEN, WEB
from jieli.demo.loading.staff import PASSWORD
from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import PersonId
from jieli.kernel import clock, laws, wake
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade as knowledge
from jieli.live import facade as live
from jieli.promises import facade as promises
from jieli.reception import facade as reception
from jieli.routing import facade as routing
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, FactKind

small = partial(brand.build, customers=240, orders=900)


@pytest.fixture
def loaded(transactional_db: None) -> Iterator[DemoBrand]:
    wake.ring("channels")  # this process may still know the channels of the test before
    assert seed.load(build=small)
    moment = seed.loaded_for()
    assert moment is not None
    yield small(now=moment)
    supply.forget()
    live.forget()
    channels.stop_intake()


def test_the_whole_brand_is_there_and_a_second_start_loads_nothing(loaded: DemoBrand) -> None:
    staff = {person.name for person in governance.find_staff()}
    assert staff == {one.name for one in loaded.staff}
    assert {channel.name for channel in channels.channels()} == {OFFICIAL, MINI, HOTLINE, WEB, *OPEN}
    assert len(routing.all_seats()) == sum(one.capacity > 0 for one in loaded.staff)
    assert len(knowledge.library().articles) == sum(one.valid_until is None or one.valid_until > loaded.now
                                                    for one in loaded.articles)  # fmt: skip
    assert len(knowledge.paths()) == len(loaded.paths)
    assert len(supply.lexicon().products) == len(loaded.skus)
    assert live.on_air(loaded.now)
    counts = promises.counts(SYSTEM)
    assert counts.open + counts.kept + counts.broken == len(loaded.owed)
    assert len(identity.conflicts(SYSTEM)) > 0
    assert seed.load(build=small) is False
    assert len(governance.find_staff()) == len(loaded.staff)
    told = "\n".join(signins.lines())
    assert PASSWORD in told
    assert all(f" {role} " in told for role in ("admin", "supervisor", "agent", "expert"))


def test_an_interrupted_load_is_taken_up_without_doubling(loaded: DemoBrand) -> None:
    before = promises.counts(SYSTEM)
    persons: dict[str, PersonId] = {}
    for _, part in seed.PARTS:
        part(loaded, persons)
    assert len(set(persons.values())) == len(loaded.customers)
    assert promises.counts(SYSTEM) == before
    assert not list(laws.breaches())


def test_a_customer_of_the_brand_is_known_on_each_channel(loaded: DemoBrand) -> None:
    """By openid, account and phone the same person is met, and their orders are found."""
    wanted = next(
        one
        for one in loaded.customers
        if one.identity(IdentityKind.OPENID_MINI)
        and one.identity(IdentityKind.ACCOUNT)
        and any(order.customer == one.key for order in loaded.orders)
        and one.key not in {key for conflict in loaded.conflicts for key in conflict.customers}
    )
    said = [
        (MINI, Sender(wanted.identity(IdentityKind.OPENID_MINI) or "")),
        ("app", Sender("app-1", account=wanted.identity(IdentityKind.ACCOUNT) or "")),
        ("douyin", Sender("douyin-1", phone=wanted.identity(IdentityKind.PHONE) or "")),
    ]
    for name, sender in said:
        message = Inbound(
            message_id="m1", sender=sender, type=MessageType.TEXT, sent_at=clock.now(), text="我的订单到哪了"
        )
        channels.accept_now(channels.channel_named(name).id, [message])
    while reception.handle(range(LANES)):
        pass
    keys = {sender.key for _, sender in said}
    lines = [line for line in reception.export_contacts() if line["sender"] in keys]
    assert len(lines) == len(said)
    assert len({line["person"] for line in lines}) == 1
    own = {order.number for order in loaded.orders if order.customer == wanted.key}
    [found] = supply.lookup_many([Ask(UUID(lines[0]["person"]), FactKind.ORDER)])
    assert isinstance(found, list)
    assert {fact.key for fact in found} == own


def test_sign_ins_are_told_with_their_password_only_for_the_demo(transactional_db: None) -> None:
    assert list(signins.lines()) == []
