import pytest

from jieli.bot.guard import ungrounded

GROUNDS = [
    '{"tracking": "SF731", "eta": "2026-11-12T18:00"}',
    "预计明天 18:00 前送达",
    "李师傅上门，质保 6 年",
    "主播说「买一送一」",
]


@pytest.mark.parametrize(
    "text",
    [
        "您的包裹 SF731 预计明天 18:00 前送达。",
        "李师傅会上门。",
        "主播说过「买一送一」。",
        "您好，请稍等。",
        "质保６年",
    ],
)
def test_what_the_sources_hold_may_be_said(text: str) -> None:
    assert ungrounded(text, GROUNDS) == ()


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("后天送达", "后天"),
        ("明天 19:00 前", "19:00"),
        ("质保 3 年", "3"),
        ("三天内到", "三"),
        ("包裹 YT99 在途", "99"),
        ("王师傅上门", "王师傅"),
        ("主播说「买一送三」", "买一送三"),
        ("已联系顺丰 EMS", "EMS"),
        ("详见 https://example.com/a", "https://example.com/a"),
        ("It will arrive on Friday", "Friday"),
        ("Ask Wang about it", "Wang"),
    ],
)
def test_what_no_source_holds_is_found(text: str, strange: str) -> None:
    assert strange in ungrounded(text, GROUNDS)
