from datetime import timedelta
from uuid import uuid4

import pytest

from jieli.bot.contracts import Action, OpenMatter, OpenPromise, SourceKind
from jieli.bot.tests.makers import (
    NOW,
    after,
    move,
    turn,
)
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_the_greeting_names_what_is_open() -> None:
    matter = OpenMatter(uuid4(), "ticket", "空调维修", "agent", "师傅上门", NOW + timedelta(hours=2))
    promise = OpenPromise(uuid4(), "补发滤网", NOW + timedelta(days=1))
    m = move(turn("在吗", I.GREETING, name="林女士", open_matters=(matter,), open_promises=(promise,)))
    assert m.text.startswith("林女士您好")
    assert "空调维修，下一步：师傅上门（今天 16:00 前）" in m.text
    assert "补发滤网（明天 14:00 前）" in m.text
    assert [s.kind for s in m.sources] == [SourceKind.MATTER, SourceKind.PROMISE]
    assert move(after(m, "你好", I.GREETING)).text == "我在的，您请说。"


def test_thanks_names_what_stays_open() -> None:
    matter = OpenMatter(uuid4(), "ticket", "空调维修")
    assert "空调维修" in move(turn("谢谢", I.THANKS_BYE, open_matters=(matter,))).text


def test_an_event_without_words_is_no_reason_to_speak() -> None:
    m = move(turn("", I.CHITCHAT, type="event"))
    assert (m.action, m.text, m.handover) == (Action.SILENT, "", None)
