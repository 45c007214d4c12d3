from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jieli.demo.brand import data
from jieli.demo.brand.contracts.aftersale import Eligibility, Promotion
from jieli.demo.brand.contracts.catalogue import Sku
from jieli.demo.brand.contracts.words import Words


def promotions(goods: tuple[Sku, ...], midnight: datetime) -> tuple[Promotion, ...]:
    """Past, present and coming promotions around `midnight`, the start of the brand's day."""
    return tuple(_promotion(row, goods, midnight) for row in data.table("promotions")["promotion"])


def _promotion(row: dict[str, Any], goods: tuple[Sku, ...], midnight: datetime) -> Promotion:
    products = set(row.get("products", ()))
    return Promotion(
        code=row["code"],
        name=Words(row["zh"], row["en"]),
        rule=Words(row["rule_zh"], row["rule_en"]),
        threshold=Decimal(row["threshold"]),
        reduction=Decimal(row["reduction"]),
        lines=tuple(row.get("lines", ())),
        skus=tuple(sku.code for sku in goods if sku.product in products),
        stackable=row.get("stackable", False),
        eligible=Eligibility(row.get("eligible", Eligibility.EVERYONE)),
        starts_at=midnight + timedelta(days=row["start"]),
        ends_at=midnight + timedelta(days=row["end"]),
    )
