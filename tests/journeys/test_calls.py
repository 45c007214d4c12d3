"""A telephone call on the agents' screens, from the first ring to what is left of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.words import word

pytestmark = pytest.mark.journey

MINE, THEIRS = ("lan.banxia", "岚半夏"), ("tong.wangshu", "桐望舒")


def test_a_call_rings_everywhere_and_opens_where_it_is_answered(
    house: House, desk: Callable[..., Desk]
) -> None:
    customer = house.customer()
    mine, theirs = desk(MINE[0]), desk(THEIRS[0])
    for one in (mine, theirs):
        expect(one.page.get_by_title(word("common.link.live"))).to_be_visible()
    call = house.rings(customer)
    expect(mine.pop("ringing")).to_contain_text(customer.shown)
    expect(theirs.pop("ringing")).to_contain_text(customer.shown)
    mine.page.reload()
    expect(mine.pop("ringing")).to_contain_text(customer.shown)

    house.call(customer, call, "call.answered", agent=THEIRS[0], extension="8002")
    expect(mine.pop("answered")).to_contain_text(mine.word("call.answeredBy", name=THEIRS[1]))
    expect(theirs.page.get_by_role("heading", name=customer.shown, level=2).first).to_be_visible()
    expect(theirs.holder).to_contain_text(THEIRS[1])
    expect(mine.pop("answered")).to_have_count(0)

    house.call(customer, call, "call.ended", duration_s="62")
    expect(theirs.thread).to_contain_text(theirs.word("call.said.ended"))
    expect(theirs.thread).not_to_contain_text(theirs.word("event.call.missed", caller=""))
    theirs.close("solved")


def test_a_call_that_nobody_answers_stands_in_the_conversation(
    house: House, desk: Callable[..., Desk]
) -> None:
    customer = house.customer()
    mine = desk(MINE[0])
    expect(mine.page.get_by_title(word("common.link.live"))).to_be_visible()
    call = house.rings(customer)
    pop = mine.pop("ringing")
    expect(pop).to_contain_text(customer.shown)
    house.call(customer, call, "call.ended")
    missed = mine.pop("missed")
    expect(missed).to_contain_text(mine.word("call.missed"))
    missed.get_by_role("button", name=mine.word("call.open")).click()
    expect(mine.thread).to_contain_text(mine.word("event.call.missed", caller=""))
    expect(mine.holder).to_contain_text(word("common.step.agent.call_back"))


def test_signing_out_leaves_nothing_behind(house: House, desk: Callable[..., Desk]) -> None:
    """Nor does the browser complain of an answer that refuses: that no journey may."""
    mine = desk(MINE[0])
    mine.look_at("all")
    expect(mine.page.get_by_title(word("common.link.live"))).to_be_visible()
    mine.sign_out()
    mine.page.wait_for_timeout(1_000)
    mine.page.reload()
    expect(mine.page.get_by_label(mine.word("signIn.name"))).to_be_visible()


def test_a_promise_stands_in_the_ledger_as_it_is_made(house: House, desk: Callable[..., Desk]) -> None:
    customer = house.customer()
    mine, theirs = desk(MINE[0]), desk(THEIRS[0])
    mine.page.goto(f"{house.url}/desk/#/promises")
    expect(mine.page.get_by_role("heading", name=mine.word("rail.promises"))).to_be_visible()
    house.says(customer, "转人工")
    theirs.look_at("all")
    theirs.open(customer.shown)
    theirs.take()
    theirs.promise("明天上午十点回电")
    line = mine.page.get_by_role("article").filter(has_text="明天上午十点回电")
    expect(line).to_be_visible()
    line.get_by_role("link", name=customer.shown).click()
    expect(mine.page.get_by_role("heading", name=customer.shown, level=2).first).to_be_visible()
