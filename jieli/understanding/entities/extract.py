"""Runs the rules over one message; where two claim the same characters, the one named first here wins."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from jieli.understanding.contracts import Entity, EntityKind, Lexicon
from jieli.understanding.entities import addresses, carriers, contacts, dates, faults, money, orders, products
from jieli.understanding.entities.numerals import folded

LONGEST = 800  # beyond it nobody types entities; it keeps hostile input cheap
MOST = 20  # of a kind, for the same reason
_DIGITS = re.compile(r"[0-9]{3}")
_ORDER_HINT = re.compile(r"[0-9][0-9A-Za-z-]{5}|[0-9]{4}")


def entities(text: str, at: datetime, expecting: str, lexicon: Lexicon) -> tuple[Entity, ...]:
    """In the order of the text, none overlapping another."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    read = folded(text)
    found = _numbers(read, expecting)
    if lexicon.products:
        found += _few(products.matcher(lexicon).find(read))
    if expecting == EntityKind.ADDRESS or addresses.HINT.search(read):
        found += _few(addresses.addresses(read, expecting))
    if expecting == EntityKind.AMOUNT or money.HINT.search(read):
        found += _few(money.amounts(read, expecting))
    if faults.HINT.search(read):
        found += _few(faults.faults(read))
    if expecting == EntityKind.DATE or dates.HINT.search(read):
        found += _few(dates.dates(read, at, expecting))
    if read is not text:
        found = [replace(one, text=text[one.start : one.end]) for one in found]
    return _apart(found) if len(found) > 1 else tuple(found)


def _numbers(text: str, expecting: str) -> list[Entity]:
    found: list[Entity] = []
    if "@" in text:
        found += _few(contacts.emails(text))
    if _DIGITS.search(text):
        if carriers.HINT.search(text):
            found += _few(carriers.tracking(text))
        found += _few(contacts.phones(text))
        if _ORDER_HINT.search(text):
            found += _few(orders.orders(text, expecting))
    return found


def _few(found: Iterator[Entity]) -> Iterator[Entity]:
    return islice(found, MOST)


def _apart(found: list[Entity]) -> tuple[Entity, ...]:
    kept: list[Entity] = []
    for entity in found:
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))
