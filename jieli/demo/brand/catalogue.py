"""SKUs, lots, warehouses and stock."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as cartesian
from typing import Any

from jieli.demo.brand import data
from jieli.demo.brand.contracts.catalogue import (
    Attribute,
    Category,
    Install,
    Line,
    Lot,
    Sku,
    StockLevel,
    Warehouse,
)
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_OUT_OF_STOCK_SHARE = 0.08
_DAYS_PER_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class _Variant:
    suffix: str
    zh: str
    en: str
    plus: int
    attributes: tuple[Attribute, ...]


def categories() -> tuple[Category, ...]:
    rows = data.table("categories")["categories"]
    return tuple(Category(key, Line(line), Words(zh, en)) for key, line, zh, en in rows)


def warehouses() -> tuple[Warehouse, ...]:
    rows = data.table("warehouses")["warehouses"]
    return tuple(
        Warehouse(key, Words(zh, en), province, city, tuple(serves))
        for key, zh, en, province, city, serves in rows
    )


def skus(rng: random.Random, policies: Policies, today: date) -> tuple[Sku, ...]:
    return tuple(
        _sku(row, line, variant, rng, policies, today)
        for line in Line
        for row in data.table(f"catalogue_{line}")["product"]
        for variant in _variants(row)
    )


def _variants(row: dict[str, Any]) -> Iterator[_Variant]:
    names = data.table("categories")
    colours = [(key, *names["colours"][key], 0) for key in row.get("colours", [])]
    sizes = row.get("sizes") or names["size_runs"].get(row.get("size_run", ""), [])
    axes = [
        [(Words("颜色", "Colour"), value) for value in colours],
        [(Words("规格", "Option"), value) for value in sizes],
    ]
    for chosen in cartesian(*(axis for axis in axes if axis)):
        yield _Variant(
            suffix="".join(value[0] for _, value in chosen),
            zh=" ".join(value[1] for _, value in chosen),
            en=", ".join(value[2] for _, value in chosen),
            plus=sum(value[3] for _, value in chosen),
            attributes=tuple(Attribute(name, Words(value[1], value[2])) for name, value in chosen),
        )


def _sku(
    row: dict[str, Any], line: Line, variant: _Variant, rng: random.Random, policies: Policies, today: date
) -> Sku:
    code = f"{row['code']}-{variant.suffix}"
    origin = data.words(row["origin"])
    return Sku(
        code=code,
        product=row["code"],
        line=line,
        category=row["category"],
        name=Words(f"{row['zh']} {variant.zh}", f"{row['en']}, {variant.en}"),
        price=Decimal(row["price"] + variant.plus).quantize(Decimal("0.01")),
        attributes=tuple(_attribute(one, policies) for one in row["attributes"]) + variant.attributes,
        aliases=(*row["aliases"], f"{variant.zh}{row['aliases'][0]}"),
        warranty_months=_warranty(row, line, policies),
        install=Install(row.get("install", "none")),
        made_to_order=row.get("made_to_order", False),
        oversized=row.get("oversized", False),
        origin=origin,
        lots=_lots(code, origin, row.get("shelf_months"), rng, today),
    )


def _attribute(row: list[str], policies: Policies) -> Attribute:
    """Rows are `[name zh, name en, value zh, value en]`; the last is left out where both languages agree."""
    return Attribute(Words(row[0], row[1]), Words(policies.fill(row[2]), policies.fill(row[-1])))


def _warranty(row: dict[str, Any], line: Line, policies: Policies) -> int:
    if line is Line.APPAREL:
        return policies.warranty_apparel_days // 30
    name = row.get("warranty", "")
    return int(getattr(policies, name)) if name else 0


def _lots(code: str, origin: Words, shelf: int | None, rng: random.Random, today: date) -> tuple[Lot, ...]:
    made = sorted(today - timedelta(days=rng.randint(20, 300)) for _ in range(3))
    return tuple(
        Lot(
            number=f"L{day:%y%m%d}{code.split('-')[1]}{letter}",
            made_on=day,
            expires_on=day + timedelta(days=round(shelf * _DAYS_PER_MONTH)) if shelf else None,
            origin=origin,
        )
        for day, letter in zip(made, "ABC", strict=True)
    )


def stock(rng: random.Random, goods: tuple[Sku, ...], today: date) -> tuple[StockLevel, ...]:
    return tuple(
        _level(rng, sku, place.key, today)
        for sku in goods
        if not sku.made_to_order
        for place in warehouses()
        if sku.line in place.serves
    )


def _level(rng: random.Random, sku: Sku, warehouse: str, today: date) -> StockLevel:
    on_hand = 0 if rng.random() < _OUT_OF_STOCK_SHARE else rng.randint(3, 40 if sku.oversized else 400)
    reserved = min(on_hand, rng.randint(0, 6))
    restock = today + timedelta(days=rng.randint(2, 18)) if on_hand <= reserved else None
    return StockLevel(sku.code, warehouse, on_hand, reserved, restock)
