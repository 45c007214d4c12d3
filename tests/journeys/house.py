"""The installation that the journeys use, with the demo brand, and everybody outside who writes to it or calls it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from jieli.channels.contracts import ChannelId, ChannelRef
from jieli.channels.tests.platform import Platform
from jieli.kernel import clock
from jieli.simulation.contracts import Said
from jieli.simulation.hooks import CallHook, Hook, OpenHook, WeChatHook
from tests.laws.installation import Installation

OFFICIAL, APP, HOTLINE = "lumora-oa", "app", "hotline"
_SEEDING_S, _SENDING_S = 240.0, 20.0
_HOOKS: Mapping[str, Callable[[ChannelRef, Mapping[str, str]], Hook]] = {
    "wechat": WeChatHook,
    "open": OpenHook,
    "cti": CallHook,
}


@dataclass(frozen=True, slots=True)
class Customer:
    """`shown` is the name as the desk shows it; `order` one that is on its way."""

    shown: str
    openid: str
    account: str
    phone: str
    order: str


class House:
    """`wechat` is the stand-in for WeChat's server that the installation was told about."""

    def __init__(self, installation: Installation, wechat: Platform) -> None:
        self.url, self.port = installation.url, installation.port
        self._installation, self._wechat = installation, wechat
        self._wait_until_ready()
        cast = _cast(installation.data)
        self._hooks = {name: _hook(name, told) for name, told in cast["channels"].items()}
        self._waiting = [Customer(**one) for one in cast["customers"]]
        self._numbers = count(int(time.time()) * 1000)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + _SEEDING_S
        while self._installation.pending() is None:
            assert time.monotonic() < until, self._installation.last_words()
            time.sleep(0.2)

    def customer(self) -> Customer:
        """Somebody whom no other journey has played."""
        return self._waiting.pop()

    def says(self, customer: Customer, text: str, *, over: str = OFFICIAL) -> None:
        """Over WeChat's encrypted push, or signed over the hook for apps; durable when it returns."""
        key = customer.openid if over == OFFICIAL else f"journey-{customer.account}"
        account = "" if over == OFFICIAL else customer.account
        said = Said(id=str(next(self._numbers)), key=key, at=clock.now(), text=text, account=account)
        self._deliver(over, said)

    def rings(self, customer: Customer) -> str:
        """The call's name, for what is told of it later."""
        call = uuid4().hex
        self.call(customer, call, "call.ringing")
        return call

    def call(self, customer: Customer, call: str, event: str, **more: str) -> None:
        told = {"call_id": call, "callee": "4000000199", "queue": "hotline", **more}
        said = Said(id=f"{call}:{event}", key=customer.phone, at=clock.now(), event=event, context=told)
        self._deliver(HOTLINE, said)

    def _deliver(self, channel: str, said: Said) -> None:
        hook = self._hooks[channel]
        made = hook.request(said, clock.now())
        address = f"{self.url}{made.path}?{made.query}"
        answer = httpx.post(
            address, content=made.body, headers=dict(made.headers), timeout=30.0, trust_env=False
        )
        assert hook.took(answer.status_code, answer.content), answer.text

    def shown_by_wechat(self, customer: Customer, text: str) -> int:
        """How often WeChat was asked to show this follower the text; waits for the first time."""
        until = time.monotonic() + _SENDING_S
        while True:
            sent = [one["text"]["content"] for one in self._wechat.sent if one["touser"] == customer.openid]
            if text in sent or time.monotonic() > until:
                return sent.count(text)
            time.sleep(0.1)

    def own_page(self, customer: Customer) -> str:
        """The address that opens the customer's own page."""
        made = self._installation.run("customer", "link", customer.account)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()


def _cast(data: Path) -> Any:
    env = os.environ | {
        "JIELI_DATA": str(data),
        "JIELI_LOG": "WARNING",
        "DJANGO_SETTINGS_MODULE": "jieli.config.settings",
    }
    told = subprocess.run(
        [sys.executable, "-m", "tests.journeys.cast"], env=env, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def _hook(name: str, told: Mapping[str, Any]) -> Hook:
    channel = ChannelRef(ChannelId(uuid4()), told["kind"], name, told["namespace"])
    return _HOOKS[channel.kind](channel, told["settings"])
