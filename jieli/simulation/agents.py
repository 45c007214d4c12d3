"""Agents at their desks: they sign in, go online, answer, hand over and close, over the same REST API as people."""

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from jieli.demo import facade as demo
from jieli.demo.contracts import Staff, StaffRole

_LOOK_S, _PRESENCE_S = 1.5, 30.0
_THINKS_S = (2.0, 7.0)
_SILENCE_S = 45.0
_MOST_REPLIES = 3
_HAND_OVER_SHARE = 0.25
_EXPERTS = frozenset({"track", "ship_when", "delivery_problem", "order_query"})
_GREETING = "您好，我是{agent}，前面的记录我都看过了，现在由我来处理。"
_HOLDING = "正在为您核实，有结果马上告诉您。"
_CLOSING = "不客气，祝您生活愉快！"
_SATISFIED = re.compile("谢|好的|明白|可以了|行吧|thank", re.IGNORECASE)
Count = Callable[[str], None]


def chosen(count: int) -> list[Staff]:
    """Those whose skills add most to those before them."""
    left = [one for one in demo.staff() if one.role is not StaffRole.ADMIN and one.capacity]
    found: list[Staff] = []
    covered: set[str] = set()
    while left and len(found) < count:
        best = max(left, key=lambda one: len({held.skill for held in one.skills} - covered))
        left.remove(best)
        found.append(best)
        covered |= {held.skill for held in best.skills}
    return found


@dataclass(slots=True)
class _Talk:
    """`due`: when the agent acts on what was written last (at `seen`); `silent`: only to find that nothing came."""

    due: float
    seen: str
    replies: int = 0
    silent: bool = False
    handed_over: bool = False


@dataclass(slots=True)
class Agent:
    who: Staff
    url: str
    count: Count
    rng: random.Random
    talks: dict[str, _Talk] = field(default_factory=dict)

    async def work(self) -> None:
        """Until it is cancelled; then the agent goes offline."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20.0) as http:
            desk = Desk(http)
            await desk.sign_in(self.who.login)
            self.count("signed in")
            try:
                await self._shift(desk)
            finally:
                await asyncio.shield(desk.put("/me/presence", {"state": "offline"}))

    async def _shift(self, desk: "Desk") -> None:
        loop, present_until = asyncio.get_running_loop(), 0.0
        while True:
            try:
                if loop.time() >= present_until:
                    await desk.put("/me/presence", {"state": "online"})
                    present_until = loop.time() + _PRESENCE_S
                page = await desk.get("/conversations", view="mine", limit="50")
                for card in page["items"]:
                    await self._look(desk, card, loop.time())
            except httpx.HTTPError as error:
                self.count(f"desk {_named(error)}")
            await asyncio.sleep(_LOOK_S)

    async def _look(self, desk: "Desk", card: dict[str, Any], now: float) -> None:
        """Reads a new conversation even if the bot wrote last; after an answer, waits for the customer for a while."""
        mine = card["last_by"] not in ("customer", "bot")
        pause = _SILENCE_S if mine else self.rng.uniform(*_THINKS_S)
        talk = self.talks.setdefault(card["id"], _Talk(now + pause, card["last_at"]))
        if talk.seen != card["last_at"]:
            talk.seen, talk.due, talk.silent = card["last_at"], now + pause, mine
        if now < talk.due:
            return
        talk.due = float("inf")
        try:
            await self._act(desk, card, talk)
        except httpx.HTTPStatusError as error:
            self.count(f"refused {error.response.status_code}")

    async def _act(self, desk: "Desk", card: dict[str, Any], talk: _Talk) -> None:
        address = f"/conversations/{card['id']}"
        asked = await self._asked(desk, address)
        if talk.silent or talk.replies >= _MOST_REPLIES or (talk.replies and _SATISFIED.search(asked)):
            await desk.post(f"{address}/reply", {"text": _CLOSING})
            await desk.post(f"{address}/close", {"wrap_up": "solved"})
            self.count("closed")
        elif not talk.handed_over and (to := self._better(card)):
            talk.handed_over = True
            await desk.post(
                f"{address}/hand-over",
                {
                    "to": {"kind": "queue", "id": to},
                    "why": "needs_expert",
                    "summary": f"客户：{asked[:200]}（模拟坐席转交）",
                    "open_questions": ["请给出准确的时间"],
                },
            )
            self.count("handed over")
        else:
            await desk.post(f"{address}/reply", {"text": await self._words(desk, card, talk, asked)})
            talk.replies += 1
            self.count("replied")

    def _better(self, card: dict[str, Any]) -> str:
        """Whom to give it to: supervisors for anger, experts for what only the supply chain knows; mostly nobody."""
        if self.who.role is not StaffRole.AGENT or self.rng.random() > _HAND_OVER_SHARE:
            return ""
        if card["emotion"] == "angry":
            return "supervisors"
        return "supply_chain" if card["intent"] in _EXPERTS else ""

    async def _asked(self, desk: "Desk", address: str) -> str:
        """What the customer said last."""
        thread = (await desk.get(f"{address}/messages", limit="20"))["items"]
        return next((one["text"] for one in reversed(thread) if one["direction"] == "in"), "")

    async def _words(self, desk: "Desk", card: dict[str, Any], talk: _Talk, asked: str) -> str:
        """What the knowledge suggests, behind a greeting the first time."""
        intents = [card["intent"]] if card["intent"] else []
        hits = await desk.get("/articles/search", q=asked[:100] or "您好", limit="1", intents=intents)
        known = hits[0]["snippet"] if hits else _HOLDING
        greeting = "" if talk.replies else _GREETING.format(agent=self.who.name)
        return "\n".join(filter(None, (greeting, known)))[:600]


def _named(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return str(error.response.status_code)
    return type(error).__name__


class Desk:
    """The REST API as the desk's page uses it: session cookie, CSRF token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def sign_in(self, login: str) -> None:
        """Raises `httpx.HTTPStatusError` when the account is not there or has another password."""
        await self._http.get("/_allauth/browser/v1/auth/session")
        said = {"username": login, "password": demo.PASSWORD}
        answer = await self._http.post("/_allauth/browser/v1/auth/login", json=said, headers=self._headers())
        answer.raise_for_status()

    async def get(self, path: str, **query: str | Sequence[str]) -> Any:
        answer = await self._http.get(f"/api/v1{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> None:
        (await self._http.post(f"/api/v1{path}", json=body, headers=self._headers())).raise_for_status()

    async def put(self, path: str, body: dict[str, Any]) -> None:
        (await self._http.put(f"/api/v1{path}", json=body, headers=self._headers())).raise_for_status()

    def _headers(self) -> dict[str, str]:
        return {
            "X-CSRFToken": self._http.cookies.get("jieli_csrf") or "",
            "Referer": str(self._http.base_url),
        }
