from datetime import UTC, datetime, timedelta

import pytest

from jieli.simulation.wechat_server import Answer, WeChatServer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
APP, SECRET = "wxdemo1", "demo-secret"


@pytest.fixture
def server() -> WeChatServer:
    return WeChatServer({APP: SECRET})


def token(server: WeChatServer, at: datetime = NOW) -> str:
    return str(server.token(APP, SECRET, at)["access_token"])


def code(answer: tuple[str, Answer]) -> int:
    return int(answer[1]["errcode"])


def text(content: str = "您好", to: str = "o1") -> Answer:
    return {"touser": to, "msgtype": "text", "text": {"content": content}}


def test_five_messages_within_48_hours_of_what_the_customer_wrote(server: WeChatServer) -> None:
    held = token(server)
    server.heard(APP, "o1", "", NOW)
    assert [code(server.send(held, text(), NOW)) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    server.heard(APP, "o1", "", NOW + timedelta(hours=1))
    assert code(server.send(held, text(), NOW + timedelta(hours=1))) == 0


@pytest.mark.parametrize(
    ("event", "lasts", "most"),
    [
        ("", timedelta(hours=48), 5),
        ("subscribe", timedelta(minutes=1), 3),
        ("CLICK", timedelta(minutes=1), 3),
        ("user_enter_tempsession", timedelta(minutes=1), 2),
    ],
)
def test_each_act_opens_its_own_window(server: WeChatServer, event: str, lasts: timedelta, most: int) -> None:
    server.heard(APP, "o1", event, NOW)
    at = NOW + lasts - timedelta(seconds=1)
    held = token(server, at)
    assert [code(server.send(held, text(), at)) for _ in range(most + 1)] == [0] * most + [45047]
    server.heard(APP, "o2", event, NOW)
    held = token(server, NOW + lasts)
    assert code(server.send(held, text(to="o2"), NOW + lasts)) == 45015


def test_nobody_is_written_to_who_never_wrote_or_left(server: WeChatServer) -> None:
    held = token(server)
    assert code(server.send(held, text(), NOW)) == 45015
    server.heard(APP, "o1", "", NOW)
    server.heard(APP, "o1", "unsubscribe", NOW)
    assert code(server.send(held, text(), NOW)) == 45015


def test_a_new_token_makes_the_old_one_void(server: WeChatServer) -> None:
    server.heard(APP, "o1", "", NOW)
    old = token(server)
    new = token(server)
    assert code(server.send(old, text(), NOW)) == 40001
    assert code(server.send(new, text(), NOW)) == 0
    assert code(server.send(new, text(), NOW + timedelta(hours=3))) == 42001
    assert server.token(APP, "wrong", NOW)["errcode"] == 40125
    assert server.token("wxother", SECRET, NOW)["errcode"] == 40013


def test_what_wechat_would_not_take_spends_nothing(server: WeChatServer) -> None:
    server.heard(APP, "o1", "", NOW)
    held = token(server)
    assert code(server.send(held, text("长" * 683), NOW)) == 45002
    assert code(server.send(held, text(""), NOW)) == 44004
    assert [code(server.send(held, text(), NOW)) for _ in range(5)] == [0] * 5


def test_windows_outlive_a_restart(server: WeChatServer) -> None:
    server.heard(APP, "o1", "", NOW)
    server.send(token(server), text(), NOW)
    again = WeChatServer({APP: SECRET})
    again.remember(server.memory())
    held = token(again)
    assert [code(again.send(held, text(), NOW)) for _ in range(5)] == [0, 0, 0, 0, 45047]
