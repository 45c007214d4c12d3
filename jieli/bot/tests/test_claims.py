from datetime import timedelta

import pytest

from jieli.bot.contracts import Mention, SourceKind
from jieli.bot.tests.makers import (
    NOW,
    move,
    turn,
)
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_a_host_is_quoted_with_session_and_time_and_the_promise_is_recorded() -> None:
    mention = Mention(
        "s1",
        "r1",
        "双十一专场",
        "小满",
        NOW - timedelta(days=1),
        "AC-350",
        "p1",
        "gift",
        "下单就送滤网。",
        "前 100 名",
        NOW - timedelta(hours=20),
        NOW + timedelta(days=3),
    )
    m = move(turn("主播说送滤网", I.PROMISE_CLAIM, mentions=(mention,)))
    assert "昨天 18:00「双十一专场」直播中，小满说过「下单就送滤网」。条件：前 100 名。" in m.text
    assert [(s.kind, s.ref) for s in m.sources] == [(SourceKind.SESSION, "p1")]
    assert [(w.kind, w.due_at) for w in m.promises] == [("live", NOW + timedelta(days=3))]
    assert m.handover is not None
    assert m.handover.skill == "live"


def test_what_is_not_recorded_is_not_confirmed() -> None:
    mention = Mention("s1", "r1", "双十一专场", "小满", NOW - timedelta(days=1))
    m = move(turn("主播说送滤网", I.PROMISE_CLAIM, mentions=(mention,)))
    assert "没有查到相关承诺" in m.text
    assert m.promises == ()
