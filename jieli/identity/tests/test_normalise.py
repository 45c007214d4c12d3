import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.identity import normalise, policy
from jieli.identity.contracts import IdentityKind, Key

K = IdentityKind


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "+86-138-1234-5678",
        "8613812345678",
        "008613812345678",
        "013812345678",
        "１３８１２３４５６７８",
        " 13812345678\u200b\x00",
        "(+86)13812345678",
    ],
)
def test_one_mobile_has_one_form(written: str) -> None:
    assert normalise.normalise(K.PHONE, "", written) == normalise.Normal(K.PHONE, "", "+8613812345678")


@pytest.mark.parametrize(
    "written", ["0571-88881234", "(0571)88881234", "0571 8888 1234", "+86 571 88881234", "057188881234"]
)
def test_one_landline_has_one_form(written: str) -> None:
    assert normalise.normalise(K.PHONE, "", written) == normalise.Normal(K.PHONE, "", "+8657188881234")


@pytest.mark.parametrize(
    ("written", "value", "weakness"),
    [
        ("138****5678", "138****5678", "masked"),
        ("138 **** 5678", "138****5678", "masked"),
        ("95013 1234 5678 901", "95013123456789 01".replace(" ", ""), "virtual"),
        ("950131234567转8901", "950131234567#8901", "virtual"),
        ("13812345678转1234", "+8613812345678", "extension"),
        ("0571-88881234-801", "+8657188881234", "extension"),
        ("0571-88881234转801", "+8657188881234", "extension"),
        ("400-800-1234", "4008001234", "company"),
        ("8008101234", "8008101234", "company"),
        ("95588", "95588", "virtual"),
        ("88881234", "88881234", "no_area_code"),
        ("99999999999999", "99999999999999", "not_a_number"),
    ],
)
def test_numbers_that_can_mean_many_are_weak(written: str, value: str, weakness: str) -> None:
    found = normalise.normalise(K.PHONE, "", written)
    assert found
    assert (found.value, found.weakness) == (value, weakness)
    assert not policy.is_strong(Key(K.PHONE, "", written, verified=True, strong=True), found)


def test_foreign_numbers_are_written_as_e164() -> None:
    found = normalise.normalise(K.PHONE, "", "+1 (650) 253-0000")
    assert found == normalise.Normal(K.PHONE, "", "+16502530000")


@pytest.mark.parametrize("written", ["", " ", "-", "unknown", "匿名", "abc", "12", "x" * 300, "\x00"])
def test_what_says_nothing_is_no_key(written: str) -> None:
    assert normalise.normalise(K.PHONE, "", written) is None


@pytest.mark.parametrize(
    ("written", "value", "weakness"),
    [
        ("Li.Hua@Example.COM", "li.hua@example.com", ""),
        ("lihua@例子.中国", "lihua@xn--fsqu00a.xn--fiqs8s", ""),
        ("service@example.com", "service@example.com", "shared_mailbox"),
    ],
)
def test_emails_have_one_form(written: str, value: str, weakness: str) -> None:
    assert normalise.normalise(K.EMAIL, "", written) == normalise.Normal(K.EMAIL, "", value, weakness)


@pytest.mark.parametrize(
    "written", ["lihua", "a@b", "@example.com", "a b@example.com", "a@" + "x" * 70 + ".com", "a@..com"]
)
def test_what_is_no_address_is_no_key(written: str) -> None:
    assert normalise.normalise(K.EMAIL, "", written) is None


def test_serials_are_upper_case_and_openids_are_kept() -> None:
    assert normalise.normalise(K.DEVICE, "shop", "ab-12 cd") == normalise.Normal(K.DEVICE, "", "AB12CD")
    assert normalise.normalise(K.WECHAT_OPENID, "wx1", "oAbC") == normalise.Normal(
        K.WECHAT_OPENID, "wx1", "oAbC"
    )


@pytest.mark.parametrize(
    ("key", "strong"),
    [
        (Key(K.WECHAT_OPENID, "wx1", "o1"), True),
        (Key(K.WECHAT_UNIONID, "", "u1"), True),
        (Key(K.WEB_VISITOR, "web", "v1"), True),
        (Key(K.ACCOUNT, "mall", "a1"), False),
        (Key(K.ACCOUNT, "mall", "a1", verified=True), True),
        (Key(K.PHONE, "", "13812345678"), False),
        (Key(K.PHONE, "", "13812345678", strong=True), True),
        (Key(K.EMAIL, "", "li@example.com"), False),
        (Key(K.EMAIL, "", "li@example.com", verified=True), True),
        (Key(K.DEVICE, "", "SN1"), False),
        (Key(K.DEVICE, "", "SN1", strong=True), True),
        (Key(K.CTI_CALLER, "hotline", "057188881234"), True),
        (Key(K.CTI_CALLER, "hotline", "95013123456"), False),
    ],
)
def test_which_keys_mean_one_person(key: Key, strong: bool) -> None:
    normal = normalise.of(key)
    assert normal
    assert policy.is_strong(key, normal) is strong


@given(st.sampled_from(list(K)), st.text(max_size=30), st.text(max_size=40))
def test_normalising_never_fails_and_is_stable(kind: K, namespace: str, value: str) -> None:
    once = normalise.normalise(kind, namespace, value)
    if once and once.weakness != "extension":
        assert normalise.normalise(kind, once.namespace, once.value) == once
    if once:
        once.value.encode()
        assert "\x00" not in once.value


@pytest.mark.parametrize(
    ("name", "beginnings"),
    [
        ("张", ["张"]),
        ("张三丰", ["张三", "张三丰"]),
        (" Maria Lopez ", ["ma", "mar", "mari", "maria", "maria ", "maria lopez"]),
        ("", []),
    ],
)
def test_names_are_found_by_their_beginnings(name: str, beginnings: list[str]) -> None:
    assert normalise.name_beginnings(name) == beginnings
