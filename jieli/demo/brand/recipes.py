"""How orders stand: every state that an order and its parcel can be in together, and how often."""

from dataclasses import dataclass

from jieli.demo.brand.contracts.trade import OrderState, ParcelException, ParcelState, ProductionStage

_O, _P, _X = OrderState, ParcelState, ParcelException


@dataclass(frozen=True, slots=True)
class Recipe:
    """`hours` bounds the age of the last thing that happened; `weight` is its share among all orders."""

    state: OrderState
    parcel: ParcelState | None
    hours: tuple[float, float]
    weight: int
    exception: ParcelException | None = None
    stage: ProductionStage | None = None


READY_MADE = (
    Recipe(_O.PENDING_PAYMENT, None, (0.02, 0.45), 1),
    Recipe(_O.PAID, None, (0.2, 46), 6),
    Recipe(_O.PAID, None, (49, 90), 2),
    Recipe(_O.PACKED, _P.LABEL_CREATED, (0.5, 20), 4),
    Recipe(_O.SHIPPED, _P.PICKED_UP, (0.3, 10), 4),
    Recipe(_O.SHIPPED, _P.IN_TRANSIT, (0.3, 14), 12),
    Recipe(_O.PARTLY_SHIPPED, _P.IN_TRANSIT, (0.3, 14), 2),
    Recipe(_O.SHIPPED, _P.OUT_FOR_DELIVERY, (0.1, 5), 5),
    Recipe(_O.SHIPPED, _P.EXCEPTION, (100, 220), 1, _X.LOST),
    Recipe(_O.SHIPPED, _P.EXCEPTION, (2, 60), 1, _X.DAMAGED),
    Recipe(_O.SHIPPED, _P.EXCEPTION, (2, 60), 1, _X.REFUSED),
    Recipe(_O.SHIPPED, _P.EXCEPTION, (2, 60), 1, _X.ADDRESS_PROBLEM),
    Recipe(_O.SHIPPED, _P.EXCEPTION, (73, 130), 2, _X.STUCK),
    Recipe(_O.CANCELLED, _P.RETURNED, (24, 900), 2),
    Recipe(_O.DELIVERED, _P.DELIVERED, (1, 168), 22),
    Recipe(_O.COMPLETED, _P.DELIVERED, (170, 4300), 46),
    Recipe(_O.CANCELLED, None, (1, 2400), 4),
)

MADE_TO_ORDER = (
    *(Recipe(_O.IN_PRODUCTION, None, (10, 200), 2, stage=stage) for stage in ProductionStage),
    Recipe(_O.SHIPPED, _P.IN_TRANSIT, (1, 30), 2, stage=ProductionStage.FINISHED),
    Recipe(_O.DELIVERED, _P.DELIVERED, (2, 160), 4, stage=ProductionStage.FINISHED),
    Recipe(_O.COMPLETED, _P.DELIVERED, (170, 3000), 6, stage=ProductionStage.FINISHED),
)
