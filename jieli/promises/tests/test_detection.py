"""Sentences of agents: which commit to something, to what, and by when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.promises.contracts import PromiseKind as K
from jieli.promises.detection import detect
from jieli.promises.detection.times import ZONE, is_working

WEDNESDAY = datetime(2026, 11, 18, 14, 20, tzinfo=ZONE)


def local(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("今天发货", K.SHIP_BY, "11-18 23:59"),
        ("亲，今天会给您发货的哦~", K.SHIP_BY, "11-18 23:59"),
        ("仓库今晚12点前发出", K.SHIP_BY, "11-18 23:59"),
        ("10点前发货", K.SHIP_BY, "11-18 22:00"),
        ("稍等 正在帮您查 明天给您发货 谢谢", K.SHIP_BY, "11-19 23:59"),
        ("会在次日3点前审核", K.SOLVE, "11-19 03:00"),
        ("48h内发货", K.SHIP_BY, "11-20 14:20"),
        ("11月20日前发货", K.SHIP_BY, "11-20 23:59"),
        ("20号前给您发货", K.SHIP_BY, "11-20 23:59"),
        ("3天内退款", K.REFUND, "11-21 23:59"),
        ("三天之内退款到账", K.REFUND, "11-21 23:59"),
        ("退款会在3-5个工作日内原路退回到您的账户", K.REFUND, "11-25 23:59"),
        ("亲，您的退款已提交，三个工作日内到账", K.REFUND, "11-23 23:59"),
        ("明天14点前师傅上门", K.VISIT, "11-19 14:00"),
        ("师傅明天下午两点半前到您家", K.VISIT, "11-19 14:30"),
        ("后天上午上门安装", K.INSTALL, "11-20 12:00"),
        ("这边帮您申请补差价，24小时内到账", K.PRICE, "11-19 14:20"),
        ("24小时内回复您", K.REPLY, "11-19 14:20"),
        ("我会在半小时内给您回电话", K.REPLY, "11-18 14:50"),
        ("一个半小时内处理好", K.SOLVE, "11-18 15:50"),
        ("5点前给您答复", K.REPLY, "11-18 17:00"),
        ("下午3点前给您回电", K.REPLY, "11-18 15:00"),
        ("明早联系您", K.REPLY, "11-19 10:00"),
        ("周五之前给您发票", K.INVOICE, "11-20 23:59"),
        ("下周一之前给您开发票", K.INVOICE, "11-23 23:59"),
        ("本周内处理好", K.SOLVE, "11-22 23:59"),
        ("月底前给您换新", K.RESEND, "11-30 23:59"),
        ("赠品明天给您发出", K.GIFT, "11-19 23:59"),
        ("明天 18:00 前送达", K.DELIVER_BY, "11-19 18:00"),
        ("已安排，明天发出", K.SHIP_BY, "11-19 23:59"),
        ("好的。已经登记了！今天会发货", K.SHIP_BY, "11-18 23:59"),
    ],
)
def test_commitments(text: str, kind: K, due: str) -> None:
    found = detect(text, WEDNESDAY)
    assert found is not None
    assert (found.kind, found.due_at, found.assumed) == (kind, local(due), False)
    assert found.words in text
    assert found.confidence >= 0.8
    assert found.reasons[0].startswith("time:")


@pytest.mark.parametrize(
    ("text", "kind", "days"),
    [("给您补差价", K.PRICE, 3), ("我们会赔付给您", K.COMPENSATION, 3), ("这就帮您补发", K.RESEND, 2)],
)
def test_a_commitment_without_a_time_gets_the_usual_one(text: str, kind: K, days: int) -> None:
    found = detect(text, WEDNESDAY)
    assert found is not None
    assert (found.kind, found.due_at, found.assumed) == (kind, WEDNESDAY + timedelta(days=days), True)
    assert found.confidence < 0.8


def test_an_estimate_weighs_half() -> None:
    found = detect("预计明天送达", WEDNESDAY)
    assert found is not None
    assert found.confidence == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "您好，很高兴为您服务",
        "签收后7天内可以无理由退货",
        "请您在3天内寄回商品",
        "您明天方便收货吗？",
        "已经给您发货了",
        "昨天已经退款了",
        "不能保证今天发货",
        "今天不会发货",
        "如果明天没到我给您查",
        "马上给您处理",
        "保修期内3天内免费上门",
        "今天天气不错",
        "价格是 3 天前的",
        "您可以明天申请退款",
        "发票会在您确认收货后7个工作日内寄出",
        "审核通过后3天内退款",
        "订单完成7天内可申请差价",
        "您的订单已电子签收，20号",
        "给您申请价保",
        "希望送货日期11月20日",
        "一般3天内发货",
    ],
)
def test_no_commitment(text: str) -> None:
    assert detect(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("at", "text", "due"),
    [
        (datetime(2026, 9, 30, 10, tzinfo=ZONE), "1个工作日内退款", date(2026, 10, 8)),
        (datetime(2026, 12, 31, 23, 50, tzinfo=ZONE), "明天发货", date(2027, 1, 1)),
        (datetime(2026, 12, 30, 10, tzinfo=ZONE), "1月2日前发货", date(2027, 1, 2)),
        (datetime(2026, 11, 20, 10, tzinfo=ZONE), "1个工作日内退款", date(2026, 11, 23)),
    ],
)
def test_holidays_and_turns_of_the_year(at: datetime, text: str, due: date) -> None:
    found = detect(text, at)
    assert found is not None
    assert found.due_at.astimezone(ZONE).date() == due


moments = st.integers(0, 16 * 365 * 24 * 60).map(
    lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
sentences = st.lists(
    st.sampled_from(
        [
            "今天",
            "明天",
            "后天",
            "大后天",
            "下周三",
            "周日",
            "月底",
            "31号",
            "2月29日",
            "3天内",
            "两个工作日内",
            "24小时内",
            "半小时内",
            "十二点前",
            "下午",
            "晚上",
            "25点",
            "14:30",
            "给您",
            "会",
            "发货",
            "退款",
            "上门",
            "补差价",
            "回复",
            "预计",
            "已经",
            "不会",
            "，",
            "。",
            "吗",
            "个",
            "99",
            "一百",
            "前",
            "左右",
            "\x00",
            "👍",
        ]
    ),
    max_size=8,
).map("".join)


@given(sentences | st.text(max_size=60), moments)
def test_whatever_is_said_a_due_time_lies_ahead_and_within_years(text: str, at: datetime) -> None:
    found = detect(text, at)
    if found is not None:
        assert at < found.due_at <= at + timedelta(days=740)
        assert found.words in text
        assert 0 < found.confidence <= 1
        assert found.what


@given(moments, st.integers(1, 30))
def test_working_days_agree_with_counting_them(at: datetime, days: int) -> None:
    found = detect(f"{days}个工作日内退款", at)
    assert found is not None
    day, last = at.astimezone(ZONE).date(), found.due_at.astimezone(ZONE).date()
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(map(is_working, between)) == days
    assert is_working(last)
