import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.governance import facade as governance
from jieli.kernel.actor import BOT, SYSTEM


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0571-88881234", "0571-****1234"),
        ("(010) 88881234", "010-****1234"),
        ("+865718888 1234", "0571-****1234"),
        ("+16502530000", "+165****0000"),
        ("95588", "*****"),
        ("", "****"),
    ],
)
def test_phones_keep_their_ends(phone: str, shown: str) -> None:
    assert governance.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("Maria Lopez", "M**** L****"),
        ("阿依努尔·买买提", "阿**"),
        ("  ", ""),
    ],
)
def test_names_keep_the_family_name(name: str, shown: str) -> None:
    assert governance.mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省杭州市西湖区文三路90号2幢301室", "浙江省杭州市西湖区****"),
        ("北京市朝阳区建国路1号", "北京市朝阳区****"),
        ("上海浦东新区世纪大道8号", "上海浦东新区****"),
        ("内蒙古自治区呼和浩特市新城区海拉尔大街5号", "内蒙古自治区呼和浩特市新城区****"),
        ("四川省凉山彝族自治州西昌市航天大道", "四川省凉山彝族自治州西昌市****"),
        ("文三路90号", "****"),
        ("浙江省杭州市", "浙江省杭州市"),
        ("", ""),
    ],
)
def test_addresses_keep_the_region(address: str, shown: str) -> None:
    assert governance.mask_address(address) == shown


def test_emails_ids_and_openids() -> None:
    assert governance.mask_email("lihua@example.com") == "l***@example.com"
    assert governance.mask_email("not an address") == "****"
    assert governance.mask_id("330106199001011234") == "3****************4"
    assert governance.mask_openid("oABCDEFGHIJKLMNOP") == "****MNOP"
    assert governance.mask_openid("short") == "****"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的电话13812345678，麻烦尽快", "我的电话138****5678，麻烦尽快"),
        ("打 +86 138 1234 5678 或 138-1234-5678", "打 138****5678 或 138****5678"),
        ("加vx13812345678或TEL13812345678", "加vx138****5678或TEL138****5678"),
        ("座机0571-88881234", "座机0571-****1234"),
        ("发到 lihua.wang@example.com 吧", "发到 l***@example.com 吧"),
        ("身份证330106199001011234", "身份证3****************4"),
        ("卡号6222021234567890123", "卡号6*****************3"),
        ("卡 6222 0212 3456 7890 123", "卡 6*****************3"),
        ("call +1 650 253 0000 please", "call +165****0000 please"),
    ],
)
def test_free_text_is_masked_in_place(text: str, shown: str) -> None:
    assert governance.mask_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "订单JL20240611000123到哪了",
        "运单SF1390123456789",
        "运单 YT8812345678901",
        "2024-06-11 10:30 下的单，19.9元",
        "型号 A13812345678B",
        "共计 20240611138 件",
        "",
    ],
)
def test_order_numbers_stay_readable(text: str) -> None:
    assert governance.mask_text(text) == text


@given(st.text(max_size=40), st.integers(13_000_000_000, 19_999_999_999), st.text(max_size=40))
def test_no_phone_survives_in_any_text(before: str, phone: int, after: str) -> None:
    text = f"{before} {phone} {after}"
    assert not re.search(rf"(?<![0-9A-Za-z]){phone}(?![0-9A-Za-z])", governance.mask_text(text))


@given(st.text(alphabet="0123456789+-() @.ax张路号市区", max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = governance.mask_text(text)
    assert governance.mask_text(once) == once


def test_text_is_whole_only_for_who_may_reveal() -> None:
    assert governance.reveal_text(SYSTEM, "13812345678") == "13812345678"
    assert governance.reveal_text(BOT, "13812345678") == "138****5678"


def test_our_own_ids_are_no_phones() -> None:
    own = "shop:01a2008d-df8c-778f-a1e1-f14972711962"
    assert governance.mask_text(own) == own
    assert governance.mask_text(f"{own}，电话 13812345678") == f"{own}，电话 138****5678"
