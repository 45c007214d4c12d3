"""A drill: everybody plays at once, at the rate asked for, until the time is over."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Coroutine, Iterable
from pathlib import Path

import httpx
from django.conf import settings

from jieli.channels import facade as channels
from jieli.demo import facade as demo
from jieli.demo.contracts import Staff
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.simulation import agents, casting, hotline
from jieli.simulation.board import Board
from jieli.simulation.carriers import Carriers
from jieli.simulation.contracts import Drill, Heard, Said
from jieli.simulation.crowd import Crowd, Line
from jieli.simulation.delivery import Courier
from jieli.simulation.hooks import Hook, hook
from jieli.simulation.platforms import Platforms, served
from jieli.simulation.web import Page
from jieli.simulation.wechat_server import WeChatServer

_TRIES = 3
_TWICE_SHARE = 0.03
_CALL_EVERY_S, _PARCEL_EVERY_S = 20.0, 3.0
_MOST_WAITING = 500
_AFTERWARDS_S = 5.0
_PICTURE = "[图片]"


class Stage:
    def __init__(self, drill: Drill, board: Board, courier: Courier) -> None:
        self.drill, self.board, self._courier = drill, board, courier
        self._shown = demo.brand()
        self._rng = random.Random(f"{drill.seed}:stage")
        self._number = time.time_ns() // 1_000_000 * 1_000_000  # above every earlier drill's, within 63 bits
        cast = casting.Casting(self._shown, drill.seed, drill.channel)
        self._crowd = Crowd(cast.customers(), drill.seed)
        played = {one.name: one for one in channels.channels()}
        played = {name: one for name, one in played.items() if _is_played(name, one.kind)}
        self._hooks: dict[str, Hook] = {
            name: hook(name) for name, one in played.items() if one.kind in ("wechat", "open", "cti")
        }
        self._apps = {one.name: one.namespace for one in played.values() if one.kind == "wechat"}
        self._lines = [one.name for one in played.values() if one.kind == "cti"]
        kept = {name: channels.secrets_of(SYSTEM, name) for name in self._hooks}
        self._wechat = WeChatServer({app: kept[name]["app_secret"] for name, app in self._apps.items()})
        secrets = {n: s["secret"] for n, s in kept.items() if played[n].kind == "open"}
        self._platforms = Platforms(
            self._wechat, {app: n for n, app in self._apps.items()}, secrets, self._heard
        )
        self.addresses = {
            s.get("api_base") or s.get("callback_url", "").removesuffix(f"/open/{n}") for n, s in kept.items()
        } - {""}
        self._pages: dict[str, Page] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def run(self) -> None:
        """What WeChat knows of its windows outlives the drill, as it does at WeChat."""
        memory = Path(settings.JIELI_DATA) / "simulation" / "wechat.json"
        if memory.exists():
            self._wechat.remember(json.loads(memory.read_text()))
        try:
            await self._play()
        finally:
            memory.parent.mkdir(exist_ok=True)
            memory.write_text(json.dumps(self._wechat.memory()))

    async def _play(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            for address in filter(_is_local, self.addresses):
                await stack.enter_async_context(served(self._platforms, address))
            async with asyncio.TaskGroup() as group:
                others = [group.create_task(one) for one in self._others()]
                await self._customers(group)
                await asyncio.sleep(_AFTERWARDS_S)
                for task in others:
                    task.cancel()
            for page in self._pages.values():
                await page.close()
        self.board.show()

    async def _customers(self, group: asyncio.TaskGroup) -> None:
        """One line every 1/rate seconds. When answers stay away, customers wait at the door rather than pile up."""
        started, sending = time.monotonic(), set[asyncio.Task[None]]()
        due = started
        while (now := time.monotonic()) < started + self.drill.duration_s:
            if now < due or len(sending) >= _MOST_WAITING:
                await asyncio.sleep(max(due - now, 0.005))
                continue
            due += 1 / self.drill.rate
            if line := self._crowd.next(now):
                task = group.create_task(self._say(line))
                sending.add(task)
                task.add_done_callback(sending.discard)
            self.board.show()
        await asyncio.gather(*sending)

    async def _say(self, line: Line) -> None:
        """One customer's lines leave one after the other, however long a delivery takes."""
        seat = line.customer.seat
        async with self._turns.setdefault(f"{seat.channel}:{seat.key}", asyncio.Lock()):
            if line.number == 0 and seat.channel in self._apps:
                await self._deliver(seat.channel, self._said(line, event="user_enter_tempsession"))
            said = self._said(line)
            await self._deliver(seat.channel, said)
            if self._rng.random() < _TWICE_SHARE and seat.channel in self._hooks:
                self.board.redelivered += 1
                await self._courier.deliver(self._hooks[seat.channel], said, tries=1)

    def _said(self, line: Line, event: str = "") -> Said:
        self._number += 1
        seat = line.customer.seat
        picture = line.text == _PICTURE
        return Said(
            id=str(self._number),
            key=seat.key,
            at=clock.now(),
            text="" if picture or event else line.text,
            image=picture and not event,
            event=event,
            name=seat.name,
            phone=seat.phone,
            account=seat.account,
            context={"script": line.customer.role.script.key, "simulated": "true"},
        )

    async def _deliver(self, channel: str, said: Said) -> None:
        self.board.sent += 1
        if channel in self._apps:
            self._wechat.heard(self._apps[channel], said.key, said.event, said.at)
        if channel in self._hooks:
            delivered = await self._courier.deliver(self._hooks[channel], said, tries=_TRIES)
        else:
            page = self._pages.setdefault(said.key, Page(self.drill.url, channel, said.key, self._heard))
            delivered = await page.deliver(said)
        self.board.delivered(delivered)

    def _heard(self, heard: Heard) -> None:
        self.board.heard(self._crowd.hears(heard.channel, heard.key, heard.text, time.monotonic()))

    def _others(self) -> Iterable[Coroutine[object, object, None]]:
        for who in agents.chosen(self.drill.agents):
            yield self._at_desk(who)
        yield self._carriers()
        if self._lines and self.drill.channel in ("", *self._lines):
            yield self._callers(self._lines[0])

    async def _at_desk(self, who: Staff) -> None:
        rng = random.Random(f"{self.drill.seed}:{who.login}")
        agent = agents.Agent(who, self.drill.url, lambda what: self.board.desk.update((what,)), rng)
        try:
            await agent.work()
        except httpx.HTTPError as error:
            self.board.whys[f"agent {who.login} could not work: {error}"] += 1

    async def _carriers(self) -> None:
        carriers = Carriers(self._shown, self.drill.seed)
        while await asyncio.to_thread(carriers.move_one):
            self.board.parcels += 1
            await asyncio.sleep(_PARCEL_EVERY_S)

    async def _callers(self, channel: str) -> None:
        async def deliver(said: Said) -> None:
            await self._deliver(channel, said)

        async with asyncio.TaskGroup() as group:
            every_s = 1 / self.drill.rate if self.drill.channel else _CALL_EVERY_S
            for number, caller in enumerate(casting.callers(self._shown, self.drill.seed)):
                await asyncio.sleep(every_s * self._rng.uniform(0.5, 1.5))
                self.board.calls += 1
                group.create_task(hotline.call(deliver, caller, f"sim-{self._number}-{number}", self._rng))


def _is_local(address: str) -> bool:
    return httpx.URL(address).host in ("127.0.0.1", "localhost", "::1")


async def play(drill: Drill, board: Board) -> None:
    async with Courier(drill.url) as courier:
        await (await asyncio.to_thread(Stage, drill, board, courier)).run()


def _is_played(name: str, kind: str) -> bool:
    """Only channels whose platform is a simulated one on this machine: a real platform would send the answers to
    real people."""
    kept = channels.secrets_of(SYSTEM, name)
    if kind == "wechat":  # without an address of its own it talks to WeChat itself
        return _is_local(kept.get("api_base", ""))
    return not kept.get("callback_url") or _is_local(kept["callback_url"])
