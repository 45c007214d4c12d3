"""Both languages and both themes, on every page: nothing is left untranslated, and nothing complains."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.desk import Desk
from tests.journeys.house import APP, House
from tests.journeys.phone import Phone
from tests.journeys.words import EN, ZH, word

pytestmark = pytest.mark.journey

LOOKS = [(ZH, "light"), (ZH, "dark"), (EN, "light"), (EN, "dark")]
KEY = re.compile(r"[a-z][\w-]*(\.[a-zA-Z][\w-]*)+")
SHOWN = """() => {
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) texts.push(walker.currentNode.data)
  for (const element of document.querySelectorAll('[title], [aria-label], [placeholder]'))
    for (const name of ['title', 'aria-label', 'placeholder']) texts.push(element.getAttribute(name) ?? '')
  return texts.map((text) => text.trim()).filter(Boolean)
}"""


def _require_words(page: Page, locale: str, theme: str) -> None:
    """Texts of customers and colleagues may hold anything; none of them is a single dotted word."""
    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    shown = page.evaluate(SHOWN)
    assert len(shown) > 5
    assert not [text for text in shown if KEY.fullmatch(text)]


def test_the_desk(house: House, desk: Callable[..., Desk]) -> None:
    customer = house.customer()
    house.says(customer, "支持七天无理由退货吗", over=APP)
    mine = desk("sup.he", color_scheme="light")
    for locale, theme in LOOKS:
        mine.look(locale, theme)
        mine.look_at("all")
        mine.open(customer.shown)
        expect(mine.thread.get_by_role("list", name=mine.word("sources.label")).first).to_be_visible()
        expect(mine.context_pane.get_by_role("heading", name=mine.word("context.journey"))).to_be_visible()
        _require_words(mine.page, locale, theme)
        for place in ("tickets", "promises", "knowledge"):
            mine.navigation.get_by_role("link", name=mine.word(f"rail.{place}")).click()
            expect(mine.page.get_by_role("heading", level=1)).to_be_visible()
            _require_words(mine.page, locale, theme)


def test_the_phone(house: House, phone: Callable[..., Phone]) -> None:
    customer = house.customer()
    house.says(customer, "转人工")
    mine = phone(house.own_page(customer), color_scheme="light")
    for locale, theme in LOOKS:
        mine.look(locale, theme)
        mine.go("chat")
        expect(mine.chat.get_by_role("article").first).to_be_visible()
        _require_words(mine.page, locale, theme)
        for tab in ("matters", "orders", "promises"):
            mine.go(tab)
            expect(mine.page.get_by_role("heading", name=mine.word(f"tabs.{tab}"), level=1)).to_be_visible()
            expect(mine.page.get_by_text(word("common.state.loading", locale))).to_have_count(0)
            _require_words(mine.page, locale, theme)


def test_a_stranger_is_asked_to_sign_in(house: House, contexts: Callable[..., BrowserContext]) -> None:
    mine = Desk(contexts(color_scheme="light"), house.url)
    mine.look_at("mine")
    expect(mine.page.get_by_role("heading", name=word("desk.signIn.title"))).to_be_visible()
    _require_words(mine.page, ZH, "light")
