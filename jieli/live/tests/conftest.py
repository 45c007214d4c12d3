from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jieli.kernel import clock
from jieli.live import facade as live
from jieli.live.contracts import DueAfter, DueRule, HostPromise, Item, NewSession, PromiseKind, Room

NOW = datetime(2026, 11, 18, 6, 20, tzinfo=UTC)  # Wednesday 14:20 in Shanghai
H = timedelta(hours=1)
KETTLE, LAMP, COAT = "AP-KETTLE-1", "HM-LAMP-2", "FA-COAT-3"


def promise(key: str, kind: PromiseKind, words: str, said_at: datetime, sku: str = "") -> HostPromise:
    return HostPromise(
        key=key,
        kind=kind,
        words=words,
        said_at=said_at,
        sku=sku,
        due=DueRule(DueAfter.ORDER_PAID, 48),
        evidence={"recording": key, "second": 61},
    )


def sessions() -> list[NewSession]:
    """Last night's (20 to 23 o'clock) in one room, one on air now in the other, one of Saturday, one tomorrow."""
    night = NOW - timedelta(hours=18, minutes=20)
    day = NOW - timedelta(minutes=80)
    saturday = NOW - timedelta(days=4) + timedelta(hours=6)
    kettle = Item(
        sku=KETTLE,
        position=3,
        price="199.00",
        on_air_from=night + timedelta(minutes=10),
        on_air_to=night + timedelta(minutes=25),
        names=("恒温电水壶", "电水壶", "烧水壶"),
    )
    lamp = Item(sku=LAMP, position=12, price="89.00", on_air_from=night + H, names=("护眼台灯", "台灯"))
    coat = Item(
        sku=COAT,
        position=3,
        price="399.00",
        on_air_from=day + timedelta(minutes=30),
        names=("羊毛大衣", "大衣"),
    )
    return [
        NewSession(
            key="night",
            room="lumi",
            title="厨房之夜",
            starts_at=night,
            ends_at=night + 3 * H,
            items=(kettle, lamp),
            promises=(
                promise("n1", PromiseKind.GIFT, "今晚下单的都送滤芯两支", night + H),
                promise("n2", PromiseKind.SHIP_BY, "水壶 48 小时内全部发出", night + H, KETTLE),
                promise("n3", PromiseKind.PRICE, "台灯保价 30 天，买贵补差", night + H, LAMP),
            ),
        ),
        NewSession(
            key="day",
            room="momo",
            title="换季衣橱",
            starts_at=day,
            ends_at=NOW + H,
            items=(coat,),
            promises=(promise("d1", PromiseKind.GIFT, "大衣送同色围巾", day + H, COAT),),
        ),
        NewSession(
            key="saturday",
            room="momo",
            title="周末专场",
            starts_at=saturday,
            ends_at=saturday + 2 * H,
            items=(Item(sku=COAT, position=1, price="369.00", names=("羊毛大衣", "大衣")),),
            promises=(promise("s1", PromiseKind.PRICE, "大衣全网最低价，七天保价", saturday + H, COAT),),
        ),
        NewSession(key="tomorrow", room="lumi", title="预告", starts_at=NOW + 24 * H, ends_at=NOW + 26 * H),
    ]


@pytest.fixture
def watch() -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(NOW)
    with clock.using(manual):
        yield manual


@pytest.fixture
def aired(db: None, watch: clock.ManualClock) -> Iterator[None]:
    live.forget()
    live.import_rooms(
        [
            Room(key="lumi", name="拾光厨房直播间", host="露米", platform="douyin"),
            Room(key="momo", name="拾光衣橱", host="沫沫", platform="wechat"),
        ]
    )
    live.import_sessions(sessions())
    yield
    live.forget()
