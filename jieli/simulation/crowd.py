"""The customers on stage: who says what next, and how they take what they hear. Pure: time comes as a number."""

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from jieli.demo.contracts import Happening, Role
from jieli.simulation import reading

_MOST_WORDS = 10
_READING_S = (2.0, 6.0)
_PATIENCE_S = (75.0, 150.0)
_GONE_S = 300.0
_MOST_PASSED_OVER = 50


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a customer is reached: sender key on a channel, and what the platform tells about them besides."""

    channel: str
    key: str
    name: str = ""
    phone: str = ""
    account: str = ""


@dataclass(slots=True)
class Customer:
    role: Role
    seat: Seat
    phone: str
    turn: int = 0
    said: int = 0
    said_at: float = 0.0
    silent_since: float = 0.0
    times: Counter[Happening] = field(default_factory=Counter)
    phones: int = 0

    def has_left(self, now: float) -> bool:
        return self.turn >= len(self.role.turns) and now - self.said_at > _GONE_S


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts the customer's lines from 0."""

    customer: Customer
    text: str
    number: int


@dataclass(order=True, slots=True)
class _Due:
    at: float
    order: int
    customer: Customer = field(compare=False)
    text: str | None = field(compare=False, default=None)
    patience: bool = field(compare=False, default=False)


class Crowd:
    """`enter` brings new customers; each speaks at most ten times."""

    def __init__(self, enter: Iterator[Customer], seed: int) -> None:
        self._enter, self._rng = enter, random.Random(f"{seed}:crowd")
        self._due: list[_Due] = []
        self._order = 0
        self.here: dict[tuple[str, str], Customer] = {}

    def next(self, now: float) -> Line | None:
        """The next line that is due, or the first one of a new customer; None when nobody is left to come."""
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            if line := self._line(due, now):
                return line
        return self._newcomer(now)

    def hears(self, channel: str, key: str, text: str, now: float) -> Happening | None:
        """The customer reads it and may answer; None for somebody who is not on stage."""
        customer = self.here.get((channel, key))
        if customer is None:
            return None
        what = reading.happening(text)
        times = customer.times[what]
        customer.times[what] += 1
        customer.silent_since = 0.0
        if answer := self._answer(customer, what, times, text):
            self._plan(now + self._rng.uniform(*_READING_S), customer, answer)
        return what

    def _answer(self, customer: Customer, what: Happening, times: int, text: str) -> str | None:
        if reading.ASKS_PHONE.search(text) and not customer.phones:
            customer.phones += 1
            return customer.phone
        return customer.role.answer(what, times)

    def _newcomer(self, now: float) -> Line | None:
        """Somebody who is still talking is passed over; whoever has left may come again with another matter."""
        for customer in islice(self._enter, _MOST_PASSED_OVER):
            known = self.here.get((customer.seat.channel, customer.seat.key))
            if known and not known.has_left(now):
                continue
            self.here[customer.seat.channel, customer.seat.key] = customer
            return self._speak(customer, self._next_turn(customer, now), now)
        return None

    def _line(self, due: _Due, now: float) -> Line | None:
        customer = due.customer
        if customer.said >= _MOST_WORDS:
            return None
        if due.patience:
            return self._impatient(customer, now)
        text = due.text if due.text is not None else self._next_turn(customer, now)
        return self._speak(customer, text, now) if text else None

    def _impatient(self, customer: Customer, now: float) -> Line | None:
        if not customer.silent_since or now - customer.silent_since < _PATIENCE_S[0]:
            return None
        text = customer.role.answer(Happening.SILENCE, customer.times[Happening.SILENCE])
        customer.times[Happening.SILENCE] += 1
        return self._speak(customer, text, now) if text else None

    def _next_turn(self, customer: Customer, now: float) -> str:
        """The script's next line; the one after it is planned at once."""
        turns = customer.role.turns
        if customer.turn >= len(turns):
            return ""
        text = turns[customer.turn].say
        customer.turn += 1
        if customer.turn < len(turns):
            self._plan(now + turns[customer.turn].wait * self._rng.uniform(0.7, 1.3), customer, None)
        return text

    def _speak(self, customer: Customer, text: str, now: float) -> Line:
        number, customer.said, customer.said_at = customer.said, customer.said + 1, now
        customer.silent_since = customer.silent_since or now
        self._plan(now + self._rng.uniform(*_PATIENCE_S), customer, None, patience=True)
        return Line(customer, text, number)

    def _plan(self, at: float, customer: Customer, text: str | None, *, patience: bool = False) -> None:
        self._order += 1
        heapq.heappush(self._due, _Due(at, self._order, customer, text, patience))
