"""Appliances at their owners' homes."""

from datetime import timedelta

from jieli.demo.brand.aftersales import arrived
from jieli.demo.brand.contracts.catalogue import Line, Sku
from jieli.demo.brand.contracts.people import Device
from jieli.demo.brand.contracts.trade import Order

_DAYS_PER_MONTH = 30.44


def devices(orders: tuple[Order, ...], skus: dict[str, Sku]) -> tuple[Device, ...]:
    """Every delivered appliance has a serial, and is bound to its buyer."""
    return tuple(
        Device(
            serial=f"SN{sku.product.replace('-', '')}{order.number[-8:]}{place}",
            sku=sku.code,
            customer=order.customer,
            order=order.number,
            bought_at=at,
            warranty_until=at + timedelta(days=round(sku.warranty_months * _DAYS_PER_MONTH)),
        )
        for order, at in arrived(orders)
        for place, sku in enumerate(skus[line.sku] for line in order.lines)
        if sku.line is Line.APPLIANCES and sku.warranty_months
    )
