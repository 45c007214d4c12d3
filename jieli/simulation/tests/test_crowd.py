from collections.abc import Iterator
from itertools import count

import pytest

from jieli.demo.contracts import (
    Case,
    Channel,
    Emotion,
    Happening,
    IdentityKind,
    Reaction,
    Role,
    Script,
    Turn,
)
from jieli.simulation import reading
from jieli.simulation.crowd import Crowd, Customer, Seat

TURNS = (Turn(0, "怎么还不发货"), Turn(20, "说好48小时的呢"))
REACTIONS = (
    Reaction(Happening.ASKS_ORDER, ("LM2026",)),
    Reaction(Happening.QUEUED, ("要等多久啊",)),
    Reaction(Happening.SILENCE, ("在吗",)),
)
SCRIPT = Script(
    key="s", persona="", goal="", emotion=Emotion.ANXIOUS, intents=(), case=Case.PAID, about="",
    channel=Channel.MINI_PROGRAM, turns=TURNS, reactions=REACTIONS,
)  # fmt: skip


def customers() -> Iterator[Customer]:
    for number in count():
        role = Role(
            script=SCRIPT, customer=f"C{number}", sender_kind=IdentityKind.OPENID_MINI, sender=f"m{number}",
            order="", sku="", turns=TURNS, reactions=REACTIONS,
        )  # fmt: skip
        yield Customer(role, Seat("mini", f"m{number}"), phone="19900000001")


def alone() -> Crowd:
    return Crowd(iter([next(customers())]), seed=1)


def said(crowd: Crowd, *, until: float, start: float = 0.0) -> list[str]:
    """What one customer says when asked every second."""
    lines = [crowd.next(start + second) for second in range(int(until - start) + 1)]
    return [line.text for line in lines if line]


def test_a_line_is_due_or_somebody_new_comes() -> None:
    crowd = Crowd(customers(), seed=1)
    first, second = crowd.next(0.0), crowd.next(0.5)
    assert first
    assert second
    assert first.customer is not second.customer
    assert (first.text, first.number) == ("怎么还不发货", 0)


def test_the_script_goes_on_after_its_pause() -> None:
    assert said(alone(), until=40) == ["怎么还不发货", "说好48小时的呢"]


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("请发一下订单号，我来查。", "LM2026"),
        ("已经在为您转接人工客服，请稍候。", "要等多久啊"),
        ("这个订单不在您名下，请发一下下单时的手机号，我来核对。", "19900000001"),
    ],
)
def test_an_answer_is_given_once_for_each_time_it_is_asked(heard: str, answer: str) -> None:
    crowd = alone()
    crowd.next(0.0)
    crowd.hears("mini", "m0", heard, 1.0)
    assert answer in said(crowd, until=15, start=1)
    crowd.hears("mini", "m0", heard, 50.0)
    assert answer not in said(crowd, until=65, start=50)


def test_whoever_has_left_may_come_again() -> None:
    same = next(customers())
    crowd = Crowd((Customer(same.role, same.seat, same.phone) for _ in count()), seed=1)
    first = crowd.next(0.0)
    assert first
    assert crowd.next(1.0) is None
    assert {line.customer is first.customer for line in map(crowd.next, range(2, 200)) if line} == {True}
    again = crowd.next(2000.0)
    while again and again.customer is first.customer:
        again = crowd.next(2000.0)
    assert again
    assert again.number == 0


def test_silence_makes_impatient_but_only_once() -> None:
    assert said(alone(), until=1200).count("在吗") == 1


def test_strangers_are_not_on_stage() -> None:
    assert alone().hears("mini", "nobody", "您好", 1.0) is None


def test_nobody_talks_without_end() -> None:
    crowd = alone()
    crowd.next(0.0)
    for second in range(1, 600, 10):
        crowd.hears("mini", "m0", "您好，我是智能客服。", second)
    assert len(said(crowd, until=900, start=1)) <= 10


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("您名下有这几个订单，请问是哪一个？回复序号即可。", Happening.ASKS_CHOICE),
        ("请问是哪一款商品？发商品名称或链接都可以。", Happening.ASKS_PRODUCT),
        ("这件事需要人工办理，已为您转接。", Happening.ANSWERED),
        ("这个问题我没有把握，为您转接人工客服。", Happening.QUEUED),
        ("您好，我是禾初七，前面的记录我都看过了，现在由我来处理。", Happening.AGENT_JOINED),
        ("麻烦拍三张照片：外箱、问题处和面单", Happening.ASKS_PHOTO),
        ("包裹物流暂时查不到：已向「ERP」询问", Happening.NOT_SURE),
    ],
)
def test_what_customers_make_of_messages(text: str, what: Happening) -> None:
    assert reading.happening(text) is what
