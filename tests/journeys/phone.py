"""A customer's own page on a phone, driven by what stands on it."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.words import EN, ZH, word


class Phone:
    def __init__(self, context: BrowserContext, locale: str = ZH) -> None:
        self.context, self.locale = context, locale
        self.page: Page = context.new_page()

    def word(self, key: str, **blanks: object) -> str:
        return word(f"phone.{key}", self.locale, **blanks)

    def open(self, address: str) -> None:
        self.page.goto(address)

    def go(self, tab: str) -> None:
        tabs = self.page.get_by_role("navigation", name=self.word("tabs.label"))
        tabs.get_by_text(self.word(f"tabs.{tab}"), exact=True).click()

    def look(self, locale: str, theme: str) -> None:
        self.page.get_by_role("button", name=self.word("look.label")).click()
        sheet = self.page.get_by_role("dialog")
        sheet.get_by_role("radio", name=self.word(f"look.{theme}")).check()
        sheet.get_by_role("radio", name=self.word(f"look.{'en' if locale == EN else 'zh'}")).check()
        self.locale = locale
        self.page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()

    def write(self, text: str) -> None:
        field = self.page.get_by_role("textbox", name=self.word("chat.write"))
        field.fill(text)
        field.press("Enter")

    @property
    def chat(self) -> Locator:
        return self.page.get_by_role("log", name=self.word("chat.log"))

    @property
    def holder(self) -> Locator:
        """Who answers now, what happens next, or the place in the queue."""
        return self.page.get_by_role("region", name=self.word("chat.label")).get_by_role("status").first

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("article", name=title)
