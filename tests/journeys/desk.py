"""An agent's desk, driven by what stands on it."""

import re
from typing import Literal

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.words import ZH, pattern, word

PASSWORD = "lumora-demo"


class Desk:
    def __init__(self, context: BrowserContext, url: str, locale: str = ZH) -> None:
        self.context, self.locale, self._url = context, locale, url
        self.page: Page = context.new_page()

    def word(self, key: str, **blanks: object) -> str:
        return word(f"desk.{key}", self.locale, **blanks)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(key))

    def sign_in(self, login: str) -> None:
        self.page.goto(f"{self._url}/desk/")
        self.page.get_by_label(self.word("signIn.name")).fill(login)
        self.page.get_by_label(self.word("signIn.password")).fill(PASSWORD)
        self.button("signIn.go").click()
        expect(self.navigation).to_be_visible()

    @property
    def navigation(self) -> Locator:
        return self.page.get_by_role("navigation", name=self.word("rail.label"))

    def look(self, locale: str, theme: str) -> None:
        """By the switches on the rail: one changes the language, one goes round the themes."""
        if locale != self.locale:
            self.button("look.language").click()
            self.locale = locale
        themes = re.compile("|".join(self.word(f"look.{one}") for one in ("auto", "light", "dark")))
        while self.page.evaluate("localStorage.getItem('jieli.theme')") != theme:
            self.page.get_by_role("button", name=themes).click()

    @property
    def presence(self) -> Locator:
        return self.page.get_by_role("button", name=pattern("desk.presence.label", self.locale))

    def be(self, state: str) -> None:
        self.presence.click()
        self.page.get_by_role("tooltip").get_by_role("button", name=self.word(f"presence.{state}")).click()
        expect(self.presence).to_contain_text(self.word(f"presence.{state}"))

    def pop(self, state: str) -> Locator:
        """The screen pop of a call that rings, was answered or missed."""
        role: Literal["alertdialog", "status"] = "alertdialog" if state == "ringing" else "status"
        return self.page.get_by_role(role, name=self.word(f"call.state.{state}"))

    def sign_out(self) -> None:
        self.page.get_by_role("button", name=word("common.action.signOut", self.locale)).click()
        expect(self.page.get_by_label(self.word("signIn.name"))).to_be_visible()

    def promise(self, what: str) -> None:
        self.page.keyboard.press("p")
        dialog = self.page.get_by_role("dialog", name=self.word("promise.title"))
        dialog.get_by_label(self.word("promise.what")).fill(what)
        dialog.get_by_role("button", name=self.word("promise.go"), exact=True).click()
        expect(dialog).to_be_hidden()

    def leave(self) -> None:
        """Whatever stands on the screen, and whatever the line is like."""
        token = next(one["value"] for one in self.context.cookies(self._url) if one["name"] == "jieli_csrf")
        self.context.request.put(
            f"{self._url}/api/v1/me/presence", data={"state": "offline"}, headers={"X-CSRFToken": token}
        )

    def look_at(self, view: str) -> None:
        self.page.goto(f"{self._url}/desk/#/inbox/{view}")

    def card(self, shown: str) -> Locator:
        cards = self.page.get_by_role("region", name=self.word("list.label")).get_by_role("listitem")
        return cards.filter(has=self.page.get_by_text(shown, exact=True))

    def open(self, shown: str) -> None:
        self.card(shown).get_by_role("button").click()
        expect(self.page.get_by_role("heading", name=shown, level=2).first).to_be_visible()

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("log", name=self.word("thread.label"))

    def said_by_customer(self) -> list[str]:
        """In the order in which the thread shows it."""
        return self.thread.locator(".in .bubble").all_inner_texts()

    @property
    def said_by_us(self) -> Locator:
        return self.thread.locator(".out .bubble")

    @property
    def context_pane(self) -> Locator:
        return self.page.get_by_role("complementary", name=self.word("context.label"))

    @property
    def holder(self) -> Locator:
        """In whose hands the open conversation is, what happens next, by when."""
        return self.page.get_by_role("main").locator("header").first

    def take(self) -> None:
        self.page.get_by_role("button", name=self.word("act.take")).click()
        expect(self.button("act.handOver")).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=self.word("composer.reply"), exact=True)

    @property
    def alert(self) -> Locator:
        """Why what is written is not on its way."""
        return self.page.get_by_role("main").get_by_role("alert")

    def reply(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def send(self) -> None:
        self.page.get_by_role("button", name=word("common.action.send", self.locale), exact=True).click()

    def note(self, text: str) -> None:
        self.page.get_by_role("tab", name=self.word("composer.note")).click()
        self.page.get_by_role("textbox", name=self.word("composer.note"), exact=True).fill(text)
        self.button("composer.saveNote").click()

    def hand_over(self, to: str, *, why: str, summary: str, question: str) -> None:
        self.button("act.handOver").click()
        dialog = self.page.get_by_role("dialog", name=self.word("handover.title"))
        dialog.get_by_placeholder(self.word("handover.find")).fill(to)
        dialog.get_by_role("radio", name=re.compile(to)).click()
        dialog.get_by_label(self.word("handover.why")).fill(why)
        dialog.get_by_label(self.word("handover.added")).fill(summary)
        dialog.get_by_role("button", name=self.word("handover.add")).click()
        dialog.get_by_placeholder(self.word("handover.openHint")).last.fill(question)
        dialog.get_by_role("button", name=self.word("handover.go"), exact=True).click()
        expect(dialog).to_be_hidden()

    @property
    def handovers(self) -> Locator:
        return self.thread.get_by_role("article", name=self.word("handover.label"))

    def close(self, wrap_up: str) -> None:
        self.button("act.close").click()
        dialog = self.page.get_by_role("dialog", name=self.word("close.title"))
        dialog.get_by_role("radio", name=self.word(f"close.code.{wrap_up}")).check(force=True)
        dialog.get_by_role("button", name=self.word("close.go")).click()
        expect(dialog).to_be_hidden()
