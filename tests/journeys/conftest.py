"""One installation for all journeys, and browsers of agents and customers in front of it."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from jieli.channels.tests import platform
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.phone import Phone
from tests.journeys.watch import Watch
from tests.laws.installation import Installation

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_PATIENCE_MS = 20_000
_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=_PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with platform.running() as wechat, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIELI_SIMULATOR_PORT", wechat.url.rpartition(":")[2])
        installation = Installation(tmp_path_factory.mktemp("house"))
        installation.start("up")
        try:
            yield House(installation, wechat)
            installation.stop()
        finally:
            installation.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


Open = Callable[..., BrowserContext]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def contexts(
    browser: Browser, watch: Watch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Open]:
    """Browsers of their own for everybody. Nobody may have complained when the journey is over."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(**({"locale": "zh-CN"} | options))
        context.set_default_timeout(_PATIENCE_MS)
        watch.over(context)
        opened.append(context)
        return context

    yield open_one
    for number, context in enumerate(opened):
        if request.node.stash.get(_FAILED, False):
            context.pages[0].screenshot(path=tmp_path / f"{number}.png")
        context.close()
    assert not watch.complaints, watch.complaints


@pytest.fixture
def desk(house: House, contexts: Open) -> Iterator[Callable[..., Desk]]:
    """A browser at an agent's desk, signed in; nobody stays online after the journey."""
    desks: list[Desk] = []

    def sit_down(login: str, *, url: str = "", **options: Any) -> Desk:
        desk = Desk(contexts(viewport=DESK, **options), url or house.url)
        desk.sign_in(login)
        desks.append(desk)
        return desk

    yield sit_down
    for desk in desks:
        desk.leave()


@pytest.fixture
def phone(contexts: Open) -> Callable[[str], Phone]:
    """A customer's phone with an address opened."""

    def take_out(address: str, **options: Any) -> Phone:
        phone = Phone(contexts(viewport=PHONE, is_mobile=True, has_touch=True, **options))
        phone.open(address)
        return phone

    return take_out
