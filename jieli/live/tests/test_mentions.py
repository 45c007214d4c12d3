"""What customers mean when they speak of a livestream."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieli.kernel.clock import ManualClock
from jieli.live import facade as live
from jieli.live import words
from jieli.live.contracts import Context, LiveMention, NewSession
from jieli.live.tests.conftest import COAT, KETTLE, LAMP, NOW

NOTHING = Context()


def best(text: str, context: Context = NOTHING) -> LiveMention | None:
    return next(iter(live.mention(text, NOW, context)), None)


@pytest.mark.usefixtures("aired")
@pytest.mark.parametrize(
    ("text", "context", "session", "sku", "promises"),
    [
        ("昨晚直播间说送的滤芯怎么没有", NOTHING, "night", "", ["n1"]),
        ("昨天晚上主播说电水壶48小时发货，到现在没发", NOTHING, "night", KETTLE, ["n2"]),
        ("昨晚直播买的台灯，现在降价了要补差价", NOTHING, "night", LAMP, ["n3"]),
        ("昨晚3号链接什么时候发货", NOTHING, "night", KETTLE, ["n2"]),
        ("昨晚十二号链接保价吗", NOTHING, "night", LAMP, ["n3"]),
        ("露米说会送滤芯的", NOTHING, "night", "", ["n1"]),
        ("主播刚才说的那个送围巾怎么领", NOTHING, "day", COAT, ["d1"]),
        ("刚刚直播间的大衣有赠品吗", NOTHING, "day", COAT, ["d1"]),
        ("周六直播的大衣保价多久", NOTHING, "saturday", COAT, ["s1"]),
        ("上周六直播说的保价", NOTHING, "saturday", "", ["s1"]),
        ("11月14号直播的大衣贵了", NOTHING, "saturday", COAT, ["s1"]),
        ("不是说送围巾吗", Context(room="momo", skus=(COAT,)), "day", COAT, ["d1"]),
        ("主播说的赠品呢", Context(session="night"), "night", "", ["n1"]),
        ("主播说好的赠品呢", Context(skus=(KETTLE,), session="night"), "night", KETTLE, ["n1"]),
        ("The host said last night there is a gift", NOTHING, "night", "", ["n1"]),
    ],
)
def test_found(text: str, context: Context, session: str, sku: str, promises: list[str]) -> None:
    found = best(text, context)
    assert found is not None
    assert (found.session.key, found.sku) == (session, sku), found.reasons
    assert [one.key for one in found.promises] == promises
    assert 0.3 < found.score <= 1
    assert found.reasons


@pytest.mark.usefixtures("aired")
@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("", NOTHING),
        ("我的快递到哪了", NOTHING),
        ("什么时候发货", NOTHING),
        ("大衣有货吗", NOTHING),
        ("直播间" * 0, Context(room="lumi")),
        ("你好", Context(room="lumi", skus=(KETTLE,))),
        ("前天主播说送滤芯", NOTHING),
        ("上周五直播说的保价", NOTHING),
    ],
)
def test_not_found(text: str, context: Context) -> None:
    assert best(text, context) is None


@pytest.mark.usefixtures("aired")
def test_reasons_name_the_words() -> None:
    found = best("昨晚直播间说电水壶48小时发货")
    assert found is not None
    assert set(found.reasons) >= {"time:昨晚", "product:电水壶", "word:直播间"}
    assert any(one.startswith("promised_ship_by:") for one in found.reasons)


@pytest.mark.usefixtures("aired")
def test_what_was_not_promised_is_not_made_up() -> None:
    found = best("昨晚直播间说大灯免费安装")
    assert found is not None
    assert found.promises == ()
    assert "not_promised:install" in found.reasons


@pytest.mark.usefixtures("aired")
def test_most_messages_cost_no_query(django_assert_num_queries: object) -> None:
    best("昨晚直播间")
    with django_assert_num_queries(0):  # type: ignore[operator]
        for text in ("昨晚直播间说送滤芯", "你好", "发货"):
            live.mention(text, NOW)


@pytest.mark.usefixtures("aired")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(max_size=80)
    | st.sampled_from(["主播", "昨晚", "3号链接", "2月30日直播", "直播13月1日", "链接٣", "十十号链接"])
)
def test_nothing_breaks_it(text: str) -> None:
    for found in live.mention(text, NOW, Context(room="lumi")):
        assert 0 <= found.score <= 1
        assert found.session.starts_at <= NOW


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3号链接", 3),
        ("三号链接", 3),
        ("十二号链接", 12),
        ("二十号链接", 20),
        ("链接 7", 7),
        ("11月3号", None),
        ("123号链接", 123),
    ],
)
def test_link_numbers(text: str, number: int | None) -> None:
    found = words.link_number(text)
    assert (found[1] if found else None) == number


@pytest.mark.usefixtures("aired")
def test_a_new_session_is_known_at_once(watch: ManualClock) -> None:
    assert best("前天直播间说的") is None
    start = NOW - timedelta(days=2)
    live.import_sessions(
        [
            NewSession(
                key="two", room="lumi", title="加场", starts_at=start, ends_at=start + timedelta(hours=1)
            )
        ]
    )
    found = best("前天直播间说的")
    assert found is not None
    assert found.session.key == "two"
