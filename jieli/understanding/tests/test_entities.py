from datetime import UTC, date, datetime
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.understanding import facade as understanding
from jieli.understanding.contracts import EMPTY, EntityKind, Lexicon, Turn
from jieli.understanding.entities import extract

WEDNESDAY = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # 11:00 in Shanghai
BRAND = Lexicon({"KT-35GW": ("云栖空调", "清风1.5匹空调"), "KT-72LW": ("云栖空调",), "MJ-01": ("玫瑰精华",)})


def found(text: str, kind: EntityKind, *, lexicon: Lexicon = EMPTY, expecting: str = "") -> list[str]:
    turn = Turn(text, WEDNESDAY, expecting=expecting)
    return [
        entity.value
        for entity in understanding.understand([turn], lexicon=lexicon)[0].entities
        if entity.kind is kind
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("明天下午3点能到吗", "2026-11-19T15:00+08:00"),
        ("大后天送", "2026-11-21"),
        ("上周三下午买的", "2026-11-11T12:00+08:00/2026-11-11T18:00+08:00"),
        ("双十一那天拍的", "2026-11-11"),
        ("3号下单的", "2026-11-03"),
        ("2026-11-11付的款", "2026-11-11"),
        ("今晚8点直播", "2026-11-18T20:00+08:00"),
        ("三天前下的单", "2026-11-15"),
        ("下个月5号再送", "2026-12-05"),
        ("周末送吧", "2026-11-21/2026-11-22"),
        ("十一月三号买的", "2026-11-03"),
        ("11月11日晚上8点拍的", "2026-11-11T20:00+08:00"),
        ("半小时前付的", "2026-11-18T10:30+08:00"),
        ("24小时内联系我", "2026-11-18T11:00+08:00/2026-11-19T11:00+08:00"),
        ("上周买的", "2026-11-09/2026-11-15"),
        ("1月2号到的货", "2026-01-02"),
        ("月底前发货", "/2026-11-30"),
    ],
)
def test_dates_are_resolved_against_the_moment_of_the_message_in_shanghai(text: str, value: str) -> None:
    assert found(text, EntityKind.DATE) == [value]


@pytest.mark.parametrize(
    "text", ["一点问题都没有", "七天无理由", "点击右上角", "买了个空调", "2月30号送", "25点送"]
)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert all("T" not in value for value in found(text, EntityKind.DATE))
    assert "2026-02-30" not in found(text, EntityKind.DATE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我手机13800001234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("尾号是138****1234", "138****1234"),
        ("打0571-88880000", "0571-88880000"),
        ("热线400-800-1234", "4008001234"),
    ],
)
def test_phones_in_one_spelling_with_masked_ones_kept_masked(text: str, value: str) -> None:
    assert found(text, EntityKind.PHONE) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SF1234567890123到哪了", "SF:SF1234567890123"),
        ("yt8812345678901", "YTO:YT8812345678901"),
        ("JD0098127364512", "JD:JD0098127364512"),
        ("EA123456785CN", "EMS:EA123456785CN"),
        ("快递78123456789012", "ZTO:78123456789012"),
    ],
)
def test_tracking_numbers_name_their_carrier(text: str, value: str) -> None:
    assert found(text, EntityKind.TRACKING_NO) == [value]
    assert not found(text, EntityKind.ORDER_NO)


def test_a_long_number_without_a_word_of_waybills_is_an_order_number() -> None:
    assert found("78123456789012", EntityKind.ORDER_NO) == ["78123456789012"]
    assert found("订单号：ab12345678 麻烦查下", EntityKind.ORDER_NO) == ["AB12345678"]


def test_the_same_number_is_a_waybill_where_a_waybill_was_asked_for() -> None:
    assert found("78123456789012", EntityKind.TRACKING_NO, expecting="tracking_no") == ["ZTO:78123456789012"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("99块钱", "99"),
        ("￥1,299.00", "1299"),
        ("一千二百元", "1200"),
        ("两千八块", "2800"),
        ("3块5", "3.5"),
        ("2万元", "20000"),
        ("一百零五元", "105"),
        ("退我一百五十块钱", "150"),
    ],
)
def test_amounts_in_yuan(text: str, value: str) -> None:
    assert found(text, EntityKind.AMOUNT) == [value]


@pytest.mark.parametrize(("text", "value"), [("显示E1", "E1"), ("报F-03", "F03"), ("屏幕出现p2", "P2")])
def test_fault_codes(text: str, value: str) -> None:
    assert found(text, EntityKind.FAULT_CODE) == [value]


@pytest.mark.parametrize("text", ["我穿M38", "iphone15能用吗", "L码还有吗"])
def test_sizes_and_phone_models_are_no_fault_codes(text: str) -> None:
    assert not found(text, EntityKind.FAULT_CODE)


def test_the_brands_products_by_name_alias_and_sku() -> None:
    assert found("清风1.5匹空调多少钱", EntityKind.PRODUCT, lexicon=BRAND) == ["KT-35GW"]
    assert found("云栖空调怎么样", EntityKind.PRODUCT, lexicon=BRAND) == ["KT-35GW|KT-72LW"]
    assert found("kt-35gw坏了", EntityKind.SKU, lexicon=BRAND) == ["KT-35GW"]
    assert not found("KT-35GWX坏了", EntityKind.SKU, lexicon=BRAND)


def test_an_address_needs_several_levels() -> None:
    address = "浙江省杭州市西湖区文三路100号3栋2单元501室"
    assert found(f"地址改成{address}", EntityKind.ADDRESS) == [
        "330106|浙江省杭州市西湖区|文三路100号3栋2单元501室"
    ]
    assert not found("我在上海", EntityKind.ADDRESS)


def test_entities_stand_where_they_say_and_never_overlap() -> None:
    text = "订单202611020033812 手机13800001234 明天下午送到上海市浦东新区张江镇，A@b.com 99元"
    entities = understanding.understand([Turn(text, WEDNESDAY)])[0].entities
    assert {entity.kind for entity in entities} >= {
        EntityKind.ORDER_NO,
        EntityKind.PHONE,
        EntityKind.DATE,
        EntityKind.EMAIL,
    }
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    assert all(one.end <= other.start for one, other in pairwise(entities))


ODD = "订单快递尾号杭州市朝阳区路号楼一二三十百千万块元点周月日天到前后年半上下中晚¥$@.-/:*+ 0123456789AEFSabse１８🙂\u0130\n"
EXPECTED = ["", "confirm", *EntityKind]


@given(st.text(alphabet=ODD, max_size=80) | st.text(max_size=80), st.sampled_from(EXPECTED))
def test_any_text_is_read_and_what_is_found_stands_where_it_says(text: str, expecting: str) -> None:
    entities = extract.entities(text, WEDNESDAY, expecting, BRAND)
    assert all(text[one.start : one.end] == one.text and one.value for one in entities)
    assert all(one.end <= other.start for one, other in pairwise(entities))


@given(st.text(alphabet=ODD, max_size=60), st.datetimes(datetime(2023, 1, 1), datetime(2035, 12, 31)))  # noqa: DTZ001
def test_intervals_of_dates_and_amounts_run_forward(text: str, at: datetime) -> None:
    for one in extract.entities(text, at.replace(tzinfo=UTC), "", EMPTY):
        low, slash, high = (
            one.value.rpartition(":")[2].partition("/")
            if one.kind is EntityKind.AMOUNT
            else one.value.partition("/")
        )
        if one.kind is EntityKind.AMOUNT and slash and low and high:
            assert float(low) <= float(high)
        if one.kind is EntityKind.DATE and slash and low and high:
            ends = [datetime.fromisoformat(end).replace(tzinfo=None) for end in (low, high)]
            assert ends[0].date() <= ends[1].date()


@given(st.integers(0, 99_999_999), st.sampled_from(["EA", "RB", "CP", "LX"]), st.integers(0, 9))
def test_an_international_number_counts_only_with_its_check_digit(
    serial: int, service: str, digit: int
) -> None:
    weighted = sum(int(d) * w for d, w in zip(f"{serial:08d}", (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    right = {10: 0, 11: 5}.get(11 - weighted % 11, 11 - weighted % 11)
    number = f"{service}{serial:08d}{digit}CN"
    found = [
        one.value
        for one in extract.entities(number, WEDNESDAY, "", EMPTY)
        if one.kind is EntityKind.TRACKING_NO
    ]
    assert found == ([f"EMS:{number}"] if digit == right else [])


@given(st.integers(1, 99_999_999).map(lambda cents: cents / 100))
def test_an_amount_is_the_number_that_was_written(yuan: float) -> None:
    (one,) = (
        e for e in extract.entities(f"¥{yuan:,.2f}", WEDNESDAY, "", EMPTY) if e.kind is EntityKind.AMOUNT
    )
    assert float(one.value) == yuan


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"]),
)
def test_a_whole_date_is_that_day_however_it_is_written(day: date, form: str) -> None:
    (one,) = extract.entities(f"{day:{form}}买的", WEDNESDAY, "", EMPTY)
    assert one.value == day.isoformat()


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "7",
        "1-",
        "A1",
        "文三路",
        "一万",
        "号",
        "11.",
        "a@a.",
        "朝阳区",
        "3元",
        "到3号",
        "显示",
        "2026-",
        "周",
        "路1号",
        "一三八零",
        "三八-",
        "几百到",
        "滚筒洗",
        "X",
    ],
)
def test_hostile_length_costs_no_more_than_an_ordinary_page(piece: str) -> None:
    """The bound is ten times what it takes here: it fails for what grows with the length or its square."""
    text = (piece * 100_000)[:100_000]
    extract.entities(text, WEDNESDAY, "", BRAND)
    took = []
    for _ in range(3):
        begun = perf_counter()
        extract.entities(text, WEDNESDAY, "", BRAND)
        took.append(perf_counter() - begun)
    assert min(took) < 0.05


def test_a_division_is_told_only_as_far_as_it_is_certain() -> None:
    """桥西区 lies in Shijiazhuang and in Zhangjiakou."""
    assert found("河北省桥西区中山路8号2栋", EntityKind.ADDRESS) == ["130000|河北省|桥西区中山路8号2栋"]
    assert found("河北省张家口市桥西区中山路8号", EntityKind.ADDRESS) == [
        "130703|河北省张家口市桥西区|中山路8号"
    ]
