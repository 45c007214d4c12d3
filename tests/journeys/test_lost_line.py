"""A desk whose line breaks while customers go on writing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.house import Customer, House
from tests.journeys.line import Line
from tests.journeys.watch import Watch
from tests.journeys.words import word

pytestmark = pytest.mark.journey

BEFORE, AFTER = "断线之前的一条", "恢复以后的一条"
REPLY = "断线时写的答复"
MEANWHILE = [f"断线时的第 {n} 条" for n in range(1, 6)]
BROKEN = ("net::ERR_", "WebSocket connection")


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with Line(house.port) as line:
        yield line


@pytest.fixture
def talk(house: House, line: Line, desk: Callable[..., Desk]) -> tuple[Desk, Customer]:
    """An agent online, in the middle of a conversation."""
    customer = house.customer()
    mine = desk("you.baichuan", url=line.url)
    mine.look_at("all")
    house.says(customer, "转人工")
    mine.open(customer.shown)
    mine.take()
    mine.be("online")
    house.says(customer, BEFORE)
    expect(mine.thread.get_by_text(BEFORE)).to_be_visible()
    return mine, customer


def _cut(line: Line, mine: Desk) -> None:
    line.cut()
    mine.context.set_offline(True)
    expect(mine.page.get_by_title(word("common.link.live"))).to_be_hidden()


def _mend(line: Line, mine: Desk) -> None:
    line.mend()
    mine.context.set_offline(False)
    expect(mine.page.get_by_title(word("common.link.live"))).to_be_visible()


def test_what_came_while_the_line_was_cut_is_there_once(
    house: House, line: Line, talk: tuple[Desk, Customer], watch: Watch
) -> None:
    mine, customer = talk
    with watch.expecting(*BROKEN):
        _cut(line, mine)
        for text in MEANWHILE:
            house.says(customer, text)
        _mend(line, mine)
        house.says(customer, AFTER)
        expect(mine.thread.get_by_text(AFTER)).to_be_visible()
    assert mine.said_by_customer() == ["转人工", BEFORE, *MEANWHILE, AFTER]


def test_a_reply_that_could_not_leave_is_kept_and_leaves_once(
    house: House, line: Line, talk: tuple[Desk, Customer], watch: Watch
) -> None:
    mine, customer = talk
    with watch.expecting(*BROKEN):
        _cut(line, mine)
        mine.reply(REPLY)
        expect(mine.alert).to_contain_text(word("common.problem.offline"))
        house.says(customer, AFTER)
        _mend(line, mine)
        expect(mine.alert).to_contain_text(mine.word("composer.newer", n=1))
    mine.alert.get_by_role("button", name=mine.word("composer.looked")).click()
    mine.send()
    expect(mine.said_by_us).to_have_text([REPLY])
    assert house.shown_by_wechat(customer, REPLY) == 1
