"""Laws 1, 2 and 5 with real processes: SIGKILL at any moment, start again, and nothing is lost, doubled or out of order."""

import asyncio
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jieli.channels.contracts import ChannelId, ChannelRef
from jieli.channels.tests import platform
from jieli.simulation import facade as simulation
from jieli.simulation.dialogues import Dialogue, Turn
from jieli.simulation.hooks import WeChatHook
from jieli.simulation.replay import message_id
from tests.laws.installation import Installation, OnPostgres, OnSqlite

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does")

SEED = 20261111
CUSTOMERS, TURNS, KILLS = 32, 8, 6
WECHAT = {
    "app_id": "wxlaws00000000001",
    "app_secret": "laws-app-secret",
    "token": "lawsToken1",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
SAID = (
    "你好",
    "在吗",
    "我的快递到哪里了",
    "洗衣机不排水，怎么办？",
    "什么时候发货 😤",
    "买了三天还没动静！！！",
    "转人工",
    "可以开发票吗",
    "我要退货，尺寸不对",
    "尺码 L & XL 有货吗 <急>",
    "主播说送两包滤芯的",
    "好的谢谢",
    "𠮷野家同款碗还有吗",
    "再不处理我就投诉了",
)
Story = dict[str, list[tuple[str, str]]]


def _dialogues() -> list[Dialogue]:
    dice = random.Random(SEED)
    return [
        Dialogue(
            f"laws-{n:03}",
            f"openid-laws-{n:03}",
            tuple(Turn(index, dice.choice(SAID)) for index in range(TURNS)),
        )
        for n in range(CUSTOMERS)
    ]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[OnSqlite | OnPostgres]:
    """On the database that this run of the tests is about."""
    if url := os.environ.get("JIELI_DATABASE_URL"):
        house: OnSqlite | OnPostgres = OnPostgres(tmp_path, url, os.environ.get("JIELI_REDIS_URL", ""))
    else:
        house = OnSqlite(tmp_path)
    try:
        yield house
    finally:
        house.remove()


def _prepare(installation: Installation, api_base: str) -> None:
    installation.start("up --empty")
    try:
        installation.wait_until_idle()
        pairs = [f"--set={key}={value}" for key, value in {**WECHAT, "api_base": api_base}.items()]
        made = installation.run("channel", "create", "--kind=wechat", "--name=oa", *pairs)
        assert made.returncode == 0, made.stderr
        installation.stop()
    finally:
        installation.close()


def test_sigkill_at_any_moment_loses_and_doubles_nothing(house: OnSqlite | OnPostgres) -> None:
    with platform.running() as wechat:
        _prepare(house.template, wechat.url)
        calm, stormy = _lived(house, kills=0), _lived(house, kills=KILLS)
        assert wechat.sent, "no answer ever left"
    assert _story(calm) == _story(stormy) == _told()
    for lines in (calm, stormy):
        assert len({line["message_id"] for line in lines}) == len(lines) == CUSTOMERS * TURNS
        _require_one_person_per_sender(lines)
        _require_order(lines)
        for line in lines:
            _require_explained(line)


def _lived(house: OnSqlite | OnPostgres, *, kills: int) -> list[dict[str, Any]]:
    """The whole day of one installation, and what it exports at the end."""
    installation = house.copy()
    try:
        installation.start(*house.shape)
        asyncio.run(_day(installation, kills=kills))
        installation.wait_until_idle()
        installation.stop()
        checked = installation.run("check")
        assert checked.returncode == 0, checked.stdout + installation.last_words()
        return installation.contacts()
    finally:
        installation.close()


async def _day(installation: Installation, *, kills: int) -> None:
    """Everybody writes; each push comes three times in a storm. Afterwards WeChat delivers the whole day once more."""
    feed = asyncio.create_task(_feed(installation, each=3 if kills else 1, speed=5.0 if kills else 0.0))
    await _storm(installation, kills)
    for tally in (await feed, await _feed(installation, each=1, speed=0.0)):
        assert tally.complete, tally


async def _feed(installation: Installation, *, each: int, speed: float) -> simulation.Tally:
    hook = WeChatHook(ChannelRef(ChannelId(uuid4()), "wechat", "oa"), WECHAT)
    playing = simulation.Playing(hook=hook, each=each, speed=speed)
    return await simulation.replay(installation.url, playing, _dialogues(), lambda _: None)


async def _storm(installation: Installation, kills: int) -> None:
    """Kill at random moments while contacts come in. A dead worker's lanes are free again after ten seconds, so short
    pauses hit starting and taking, long ones deciding and sending."""
    dice = random.Random(SEED + 1)
    for number in range(kills):
        await asyncio.sleep(dice.uniform(8.5, 13.0) if number % 2 else dice.uniform(0.2, 3.0))
        name = dice.choice(installation.processes)
        await asyncio.to_thread(installation.kill, name)
        installation.start(name)


def _told() -> Story:
    return {
        one.customer: [(message_id(one.session, turn.index), turn.text) for turn in one.turns]
        for one in _dialogues()
    }


def _story(lines: Sequence[dict[str, Any]]) -> Story:
    """Who said what in which order, as the export tells it."""
    told: Story = {}
    for line in sorted(lines, key=lambda one: (one["conversation"], one["seq"])):
        told.setdefault(line["sender"], []).append((line["message_id"], line["text"]))
    return told


def _require_one_person_per_sender(lines: Sequence[dict[str, Any]]) -> None:
    persons = {(line["sender"], line["person"]) for line in lines}
    assert len(persons) == len({person for _, person in persons}) == CUSTOMERS


def _require_order(lines: Sequence[dict[str, Any]]) -> None:
    """The export is in the order of each conversation, and what came later was received later."""
    by_conversation: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_conversation.setdefault(line["conversation"], []).append(line)
    for own in by_conversation.values():
        assert [line["seq"] for line in own] == sorted({line["seq"] for line in own})
        assert [line["received_at"] for line in own] == sorted(line["received_at"] for line in own)


def _require_explained(line: dict[str, Any]) -> None:
    decision, matter = line["decision"], line["matter"]
    assert decision["action"], line
    assert decision["reasons"], line
    assert decision["model"], line
    assert 0.0 <= decision["confidence"] <= 1.0
    assert matter["state"] == "closed" or (matter["holder"] and matter["next_step"] and matter["due_at"])
