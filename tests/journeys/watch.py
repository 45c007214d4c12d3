"""What a browser complains about while a journey goes on: errors on its console, and exceptions nobody caught."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError


class Watch:
    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._thrown)

    @contextmanager
    def expecting(self, *patterns: str) -> Iterator[None]:
        """Complaints that belong to what is done here, such as the status of an answer that refuses."""
        before = self._expected
        self._expected = [*before, *map(re.compile, patterns)]
        yield
        self._expected = before

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} {message.location.get('url', '')}")

    def _thrown(self, error: WebError) -> None:
        self._note(f"{error.error}")

    def _note(self, complaint: str) -> None:
        if not any(one.search(complaint) for one in self._expected):
            self.complaints.append(complaint)
