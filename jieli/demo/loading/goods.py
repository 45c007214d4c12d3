"""Products, stock, promotions and warranties as records of the demo's mini ERP."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from jieli.demo.brand.contracts import DemoBrand, Device, Promotion, Sku, StockLevel
from jieli.identity.contracts import PersonId
from jieli.supply.contracts import DemoEntry, FactKind

_SHANGHAI = timezone(timedelta(hours=8))
_INSTALL = {"none": "", "self": "自行安装", "engineer": "上门安装"}


def entries(brand: DemoBrand, persons: Mapping[str, PersonId]) -> Iterator[DemoEntry]:
    names = {one.code: one.name.zh for one in brand.skus}
    yield from (_product(one, brand) for one in brand.skus)
    yield from _stock(brand, names)
    yield from (_promotion(one, brand) for one in brand.promotions)
    yield from (_warranty(one, persons[one.customer], names[one.sku]) for one in brand.devices)


def _product(one: Sku, brand: DemoBrand) -> DemoEntry:
    value = {
        "sku": one.code,
        "name": one.name.zh,
        "name_en": one.name.en,
        "price": str(one.price),
        "aliases": list(one.aliases),
        "brand": brand.name.zh,
        "category": one.category,
        "line": one.line.value,
        "origin": one.origin.zh,
        "warranty_months": one.warranty_months,
        "attributes": {part.name.zh: part.value.zh for part in one.attributes},
        "lots": [_lot(lot) for lot in one.lots],
    }
    install = _INSTALL[one.install.value]
    return DemoEntry(
        kind=FactKind.PRODUCT, key=one.code, value=value | ({"install": install} if install else {})
    )


def _lot(lot: Any) -> dict[str, str]:
    expires = {"expires_on": lot.expires_on.isoformat()} if lot.expires_on else {}
    return {"number": lot.number, "made_on": lot.made_on.isoformat(), "origin": lot.origin.zh} | expires


def _stock(brand: DemoBrand, names: Mapping[str, str]) -> Iterator[DemoEntry]:
    levels: dict[str, list[StockLevel]] = {}
    for one in brand.stock:
        levels.setdefault(one.sku, []).append(one)
    where = {one.key: one.name.zh for one in brand.warehouses}
    for sku, held in levels.items():
        value: dict[str, Any] = {
            "sku": sku,
            "name": names[sku],
            "on_hand": sum(one.on_hand for one in held),
            "reserved": sum(one.reserved for one in held),
            "warehouses": [
                {"name": where[one.warehouse], "on_hand": one.on_hand, "reserved": one.reserved}
                for one in held
            ],
        }
        restock = min((one.restock_on for one in held if one.restock_on), default=None)
        if restock:
            value["restock_at"] = _morning(restock)
        yield DemoEntry(kind=FactKind.STOCK, key=sku, value=value)


def _morning(day: date) -> str:
    return datetime.combine(day, time(9), _SHANGHAI).isoformat()


def _promotion(one: Promotion, brand: DemoBrand) -> DemoEntry:
    """A promotion of whole lines names their SKUs; without either it holds for everything."""
    in_lines = [sku.code for sku in brand.skus if sku.line.value in one.lines]
    value = {
        "code": one.code,
        "name": one.name.zh,
        "text": one.rule.zh,
        "from_at": one.starts_at.isoformat(),
        "to_at": one.ends_at.isoformat(),
        "skus": sorted({*one.skus, *in_lines}),
        "stackable": one.stackable,
    }
    return DemoEntry(kind=FactKind.PROMOTION, key=one.code, value=value)


def _warranty(one: Device, person: PersonId, name: str) -> DemoEntry:
    value = {
        "serial": one.serial,
        "sku": one.sku,
        "name": name,
        "order": one.order,
        "from_at": one.bought_at.isoformat(),
        "until": one.warranty_until.isoformat(),
    }
    return DemoEntry(kind=FactKind.WARRANTY, key=one.serial, value=value, person=person)
