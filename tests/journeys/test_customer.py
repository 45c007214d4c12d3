"""A customer on a phone: from the first question to the answer of a person, always knowing where the matter is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.phone import Phone
from tests.journeys.words import pattern

pytestmark = pytest.mark.journey

LOGIN, NAME = "he.chuqi", "禾初七"


def test_a_question_goes_from_the_bot_to_a_person(
    house: House, desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    customer = house.customer()
    mine = phone(house.own_page(customer))
    mine.write("支持七天无理由退货吗")
    expect(mine.chat.get_by_text("支持七天无理由退货吗")).to_be_visible()
    expect(mine.chat.get_by_role("button", name=pattern("phone.source.from")).first).to_be_visible()
    mine.write("转人工")
    expect(mine.holder).to_contain_text(pattern("phone.chat.place"))

    mine.go("matters")
    matter = mine.card(mine.word("matter.kind.conversation"))
    expect(matter).to_contain_text(mine.word("holder.queue"))
    due = matter.locator(".due")
    waiting_until = due.inner_text()

    theirs = desk(LOGIN)
    theirs.look_at("all")
    theirs.open(customer.shown)
    theirs.take()
    expect(matter).to_contain_text(NAME)
    expect(matter).to_contain_text(mine.word("step.agent.answer"))
    expect(due).not_to_have_text(waiting_until)
    theirs.reply("您好，签收后七天内都可以退")
    expect(matter).to_contain_text(mine.word("step.customer.reply"))
    expect(matter).to_contain_text(mine.word("holder.customer"))
    mine.go("chat")
    expect(mine.chat.get_by_text("您好，签收后七天内都可以退")).to_be_visible()


def test_orders_and_parcels_say_who_says_so_and_since_when(house: House, phone: Callable[..., Phone]) -> None:
    customer = house.customer()
    mine = phone(house.own_page(customer))
    mine.go("orders")
    order = mine.card(mine.word("order.number", number=customer.order))
    expect(order).to_contain_text(mine.word("orderState.in_transit"))
    expect(order.get_by_text(pattern("phone.order.source")).first).to_be_visible()
