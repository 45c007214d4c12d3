"""Learning from use: an agent says what a message means, somebody else accepts it, and nothing goes live by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.desk import Desk
from tests.journeys.house import APP, House
from tests.journeys.words import EN, ZH, pattern, word

pytestmark = pytest.mark.journey

AGENT, AGENT_NAME, REVIEWER = "lan.banxia", "岚半夏", "admin"
ASKED = "转人工"


def learning(desk: Desk, key: str, **blanks: object) -> str:
    return desk.word(f"learning.{key}", **blanks)


def verdict(desk: Desk, text: str) -> Locator:
    """What stands under a customer's message."""
    return desk.thread.locator(".message.in").filter(has_text=text)


def correct(desk: Desk, text: str, intent: str, emotion: str) -> None:
    """By the cross under the message and keys alone, but for the emotion."""
    name = pattern("desk.learning.wrongAbout", desk.locale)
    verdict(desk, text).get_by_role("button", name=name).click()
    form = desk.page.get_by_role("dialog", name=learning(desk, "form"))
    field = form.get_by_role("combobox", name=learning(desk, "find"))
    expect(field).to_be_focused()
    field.fill(word(f"common.intent.{intent}", desk.locale))
    form.get_by_role("button", name=word(f"common.emotion.{emotion}", desk.locale)).click()
    field.press("Enter")
    expect(form).to_be_hidden()


def open_quality(desk: Desk, tab: str) -> None:
    desk.navigation.get_by_role("link", name=desk.word("rail.learning")).click()
    desk.page.get_by_role("link", name=learning(desk, f"tab.{tab}")).click()


def live_version(desk: Desk) -> str:
    open_quality(desk, "models")
    return desk.page.get_by_role("region", name=learning(desk, "live")).locator("code").inner_text()


def test_a_correction_is_accepted_and_the_live_model_stays(house: House, desk: Callable[..., Desk]) -> None:
    customer = house.customer()
    house.says(customer, ASKED, over=APP)
    mine, theirs = desk(AGENT), desk(REVIEWER)
    version = live_version(theirs)
    for one in (mine, theirs):
        one.look_at("all")
        one.open(customer.shown)

    correct(mine, ASKED, "invoice", "angry")
    expect(verdict(mine, ASKED)).to_contain_text(learning(mine, "state.waiting"))
    expect(verdict(theirs, ASKED)).to_contain_text(AGENT_NAME)
    expect(verdict(theirs, ASKED)).to_contain_text(word("common.intent.invoice"))

    open_quality(theirs, "review")
    card = theirs.page.get_by_role("article").filter(has_text=ASKED).filter(has_text=AGENT_NAME)
    card.get_by_role("textbox", name=learning(theirs, "reviewNote")).fill("上下文在说发票")
    theirs.page.keyboard.press("Escape")
    theirs.page.keyboard.press("a")
    expect(card).to_have_count(0)
    expect(verdict(mine, ASKED)).to_contain_text(learning(mine, "state.accepted"))
    accepted = theirs.page.get_by_role("button", name=learning(theirs, "state.accepted"))
    accepted.click()
    expect(card).to_contain_text("上下文在说发票")

    assert live_version(theirs) == version
    expect(theirs.button("learning.ask")).to_be_enabled()


def test_what_is_right_is_said_by_one_click(house: House, desk: Callable[..., Desk]) -> None:
    customer = house.customer()
    house.says(customer, ASKED, over=APP)
    mine = desk(AGENT)
    mine.look_at("all")
    mine.open(customer.shown)
    with mine.page.expect_response(
        "**/correction"
    ):  # it is shown at once; the page must not go before it is kept
        verdict(mine, ASKED).get_by_role("button", name=pattern("desk.learning.rightAbout")).click()
        expect(verdict(mine, ASKED)).to_contain_text(learning(mine, "state.confirmed"))
    mine.page.reload()
    expect(verdict(mine, ASKED)).to_contain_text(learning(mine, "state.confirmed"))


def test_the_page_belongs_to_reviewers(house: House, desk: Callable[..., Desk]) -> None:
    mine = desk(AGENT)
    expect(mine.navigation.get_by_role("link", name=mine.word("rail.inbox"))).to_be_visible()
    expect(mine.navigation.get_by_role("link", name=mine.word("rail.learning"))).to_have_count(0)
    mine.page.goto(f"{house.url}/desk/#/learning/models")
    expect(mine.page.get_by_text(learning(mine, "closed"))).to_be_visible()


@pytest.mark.parametrize("locale", [ZH, EN])
def test_an_empty_page_says_what_to_do(house: House, desk: Callable[..., Desk], locale: str) -> None:
    mine = desk(REVIEWER, color_scheme="light")
    mine.look(locale, "dark" if locale == EN else "light")
    open_quality(mine, "review")
    mine.page.get_by_role("button", name=learning(mine, "state.rejected")).click()
    expect(mine.page.get_by_text(learning(mine, "emptyHint.rejected"))).to_be_visible()
