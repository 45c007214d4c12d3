"""Tickets about what went wrong with the brand's orders: lost parcels, failed inspections, late wardrobes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from jieli.demo.brand.contracts import DemoBrand, ParcelException, ReturnState
from jieli.identity.contracts import PersonId
from jieli.kernel.actor import SYSTEM
from jieli.tickets import facade as tickets
from jieli.tickets.contracts import Link, LinkKind

_EACH = 4
_TAG = "演示"


@dataclass(frozen=True, slots=True)
class _Case:
    order: str
    customer: str
    title: str
    description: str
    category: str
    severity: int
    sku: str = ""
    links: tuple[Link, ...] = ()
    checklist: tuple[str, ...] = ()


@transaction.atomic
def load(brand: DemoBrand, persons: Mapping[str, PersonId]) -> None:
    for one in _cases(brand):
        if tickets.linked_to(LinkKind.ORDER, one.order):
            continue
        tickets.open_ticket(
            SYSTEM,
            title=one.title,
            severity=one.severity,
            description=one.description,
            category=one.category,
            person=persons[one.customer],
            order_no=one.order,
            sku=one.sku,
            tags=[_TAG],
            checklist=list(one.checklist),
            links=[Link(kind=LinkKind.ORDER, ref=one.order), *one.links],
        )


def _cases(brand: DemoBrand) -> Iterator[_Case]:
    yield from islice(_lost(brand), _EACH)
    yield from islice(_refused_returns(brand), _EACH)
    yield from islice(_late_pieces(brand), _EACH)


def _lost(brand: DemoBrand) -> Iterator[_Case]:
    for order in brand.orders:
        for parcel in order.parcels:
            if parcel.exception is ParcelException.LOST:
                yield _Case(
                    order.number,
                    order.customer,
                    f"包裹遗失，待补发：{parcel.tracking_no}",
                    f"承运商最后记录：{parcel.track[-1].what.zh}",
                    "parcel_lost",
                    2,
                    links=(Link(kind=LinkKind.PARCEL, ref=parcel.tracking_no),),
                    checklist=("向承运商开查件", "核对库存并补发", "把结果告诉客户"),
                )


def _refused_returns(brand: DemoBrand) -> Iterator[_Case]:
    buyer = {order.number: order.customer for order in brand.orders}
    for one in brand.returns:
        if one.state is ReturnState.INSPECTION_FAILED:
            yield _Case(
                one.order,
                buyer[one.order],
                f"退货验收未通过，客户有异议：{one.number}",
                f"退货原因：{one.reason.zh}",
                "return_inspection",
                3,
                sku=one.sku,
                checklist=("调取验收照片", "品质复核", "答复客户"),
            )


def _late_pieces(brand: DemoBrand) -> Iterator[_Case]:
    for order in brand.orders:
        made = order.production
        if made and made.late_reason and made.due_at < brand.now:
            yield _Case(
                order.number,
                order.customer,
                "定制家具超期，工厂给出新日期",
                made.late_reason.zh,
                "production_late",
                2,
                sku=order.lines[0].sku,
                checklist=("工厂确认新完工日", "按规则计算超期赔付", "约安装时间"),
            )
