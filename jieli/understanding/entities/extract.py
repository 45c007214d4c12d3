"""Runs the rules over one message; where two claim the same characters, the one named first here wins."""

import re
from datetime import datetime

from jieli.understanding.contracts import Entity, Lexicon
from jieli.understanding.entities import codes, contacts, dates, money, products

LONGEST = 4000  # beyond it nobody types entities; it keeps hostile input cheap
_DIGIT = re.compile(r"\d")
_FAULT_HINT = re.compile(r"[A-Za-z]-?\d")
_MONEY_HINT = re.compile(r"[¥￥元块]|rmb|yuan|大洋|人民币", re.IGNORECASE)
_TRACK_HINT = re.compile(r"[A-Za-z]{2}\d{9}")


def entities(text: str, at: datetime, expecting: str, lexicon: Lexicon) -> tuple[Entity, ...]:
    """In the order of the text, none overlapping another."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    found: list[Entity] = []
    if "@" in text:
        found += contacts.emails(text)
    if _DIGIT.search(text):
        if _TRACK_HINT.search(text):
            found += codes.tracking(text)
        found += contacts.phones(text)
        found += codes.orders(text, expecting)
    if lexicon.products:
        found += products.matcher(lexicon).find(text)
    if contacts.ADDRESS_HINT.search(text):
        found += contacts.addresses(text)
    if _MONEY_HINT.search(text):
        found += money.amounts(text)
    if _FAULT_HINT.search(text):
        found += codes.faults(text)
    if dates.HINT.search(text):
        found += dates.dates(text, at)
    return _apart(found) if len(found) > 1 else tuple(found)


def _apart(found: list[Entity]) -> tuple[Entity, ...]:
    kept: list[Entity] = []
    for entity in found:
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))
