"""Law 3 (nothing is asked twice) and law 4 (nothing is invented) against whatever may come."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieli.bot import facade
from jieli.bot.contracts import BotMove, BotTurn, DialogueState, Waiting
from jieli.bot.tests.makers import NOW, entity, fact, finding, move, turn, unknown
from jieli.supply.contracts import Answer, Fact, FactKind
from jieli.understanding.contracts import Emotion, EntityKind, Intent

pytestmark = pytest.mark.django_db
_ZONE = ZoneInfo("Asia/Shanghai")
_MASKED = re.compile(r"\w+\*{4}\w+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_moments = st.timedeltas(timedelta(days=-400), timedelta(days=40)).map(lambda d: (NOW + d).isoformat())
_money = st.decimals(0, 99999, places=2).map("{:.2f}".format)
_numbers = st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{5,9}", fullmatch=True)
_names = st.sampled_from(["清风空调", "云朵枕", "晨露面霜", "山野外套"])


def _value(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


_LINES = st.lists(
    st.fixed_dictionaries({"sku": _numbers, "name": _names, "qty": st.integers(1, 9), "price": _money}),
    max_size=3,
)
_TRACK = st.fixed_dictionaries(
    {
        "at": _moments,
        "place": st.sampled_from(["杭州", "嘉兴"]),
        "text": st.sampled_from(["已到达", "派送中 66"]),
    }
)
_STATES = (
    "pending_payment",
    "paid",
    "in_production",
    "packed",
    "partly_shipped",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
)
_PARCEL_STATES = (
    "label_created",
    "picked_up",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "exception",
    "returned",
)
VALUES: dict[FactKind, st.SearchStrategy[dict[str, Any]]] = {
    FactKind.ORDER: _value(
        {
            "number": _numbers,
            "state": st.sampled_from(_STATES),
            "placed_at": _moments,
            "amount": _money,
            "lines": _LINES,
        },
        promised_at=_moments,
        production=_value(
            {"stage": st.sampled_from(["cutting", "开料"]), "done": st.just([])},
            due_at=_moments,
            late_reason=st.just("板材缺货"),
        ),
        parcels=st.lists(_numbers, max_size=2),
    ),
    FactKind.PARCEL: _value(
        {
            "tracking": _numbers,
            "carrier": st.just("云程速运"),
            "state": st.sampled_from(_PARCEL_STATES),
            "tracks": st.lists(_TRACK, max_size=2),
        },
        order=_numbers,
        eta=_moments,
        promised_at=_moments,
        delivered_at=_moments,
        exception=st.sampled_from(["lost", "stuck", "新的原因"]),
    ),
    FactKind.STOCK: _value(
        {"sku": _numbers, "on_hand": st.integers(0, 500), "reserved": st.integers(0, 500)},
        restock_at=_moments,
    ),
    FactKind.RETURN: _value(
        {
            "number": _numbers,
            "order": _numbers,
            "type": st.just("return"),
            "state": st.sampled_from(["inspecting", "done", "自定义"]),
            "asked_at": _moments,
        },
        due_at=_moments,
    ),
    FactKind.REFUND: _value(
        {
            "number": _numbers,
            "order": _numbers,
            "amount": _money,
            "state": st.sampled_from(["processing", "failed"]),
            "asked_at": _moments,
        },
        due_at=_moments,
        done_at=_moments,
    ),
    FactKind.PROMOTION: _value(
        {
            "code": _numbers,
            "name": _names,
            "text": st.just("满 300 减 40"),
            "from_at": _moments,
            "to_at": _moments,
        }
    ),
    FactKind.PRODUCT: _value(
        {"sku": _numbers, "name": _names},
        price=_money,
        warranty_months=st.integers(1, 99),
        origin=st.just("宁波"),
    ),
    FactKind.INVOICE: _value(
        {"number": _numbers, "order": _numbers, "amount": _money, "state": st.just("requested")},
        issued_at=_moments,
        due_at=_moments,
    ),
    FactKind.WARRANTY: _value({"serial": _numbers, "sku": _numbers, "from_at": _moments, "until": _moments}),
}


def _key(value: dict[str, Any]) -> str:
    names = ("number", "tracking", "serial", "code", "sku")
    return next(str(value[name]) for name in names if name in value)


def _facts(kind: FactKind) -> st.SearchStrategy[list[Fact]]:
    made = st.builds(
        lambda value, age: fact(kind, _key(value), value, minutes_old=age),
        VALUES[kind],
        st.integers(0, 5000),
    )
    return st.lists(made, max_size=3, unique_by=lambda f: f.key)


_intents = st.lists(st.sampled_from(list(Intent)), min_size=1, max_size=3, unique=True)
_findings = st.builds(
    lambda intents, confidence, emotion, entities: finding(
        *intents, confidence=confidence, emotion=emotion, entities=entities
    ),
    _intents,
    st.floats(0.05, 1),
    st.sampled_from(list(Emotion)),
    st.lists(st.builds(entity, st.sampled_from(list(EntityKind)), _numbers), max_size=2),
)


@st.composite
def _turns(draw: st.DrawFn, state: DialogueState | None = None) -> BotTurn:
    text = draw(st.sampled_from(["请看一下", "2", "第一个", "好的", "没有", "到哪了，退款呢", ""]))
    waiting = draw(st.sampled_from([None, None, None, Waiting(4), Waiting()]))
    about = turn(text, Intent.OTHER, locale=draw(st.sampled_from(["zh", "en"])), waiting=waiting)
    about = _replace(about, finding=draw(_findings), dialogue=state or DialogueState())
    answers = {
        ask: Answer([], unknown(ask, back_in_s=draw(st.sampled_from([None, 90, 7200]))))
        if draw(st.booleans())
        else Answer(draw(_facts(ask.kind)))
        for ask in facade.needs([about])[0]
    }
    return _replace(about, facts=answers)


def _replace(about: BotTurn, **more: Any) -> BotTurn:
    return replace(about, **more)


def _moments_of(about: BotTurn) -> Iterator[datetime]:
    for answer in about.facts.values():
        for text in re.findall(
            r"\d{4}-\d\d-\d\dT[\d:.+]+", json.dumps([dict(f.value) for f in answer.facts])
        ):
            yield datetime.fromisoformat(text)
        yield from (f.as_of for f in answer.facts)
        if answer.unknown:
            yield from (m for m in (answer.unknown.back_by, answer.unknown.asked_at) if m)


def _may_be_said(about: BotTurn) -> set[str]:
    """Every number a reader could check: in the facts, in the message, of their moments and ages, of the choices."""
    said = {str(i) for i in range(1, 6)}  # the numbers in front of choices
    known = json.dumps([dict(f.value) for a in about.facts.values() for f in a.facts], ensure_ascii=False)
    given = json.dumps(dict(about.dialogue.given))
    known = " ".join((known, about.text, given, *(e.value for e in about.finding.entities)))
    said |= set(_NUMBER.findall(known)) | {n.removesuffix(".00") for n in _NUMBER.findall(known)}
    for moment in _moments_of(about):
        local, age = moment.astimezone(_ZONE), NOW - moment
        said |= {f"{local:%H}", f"{local:%M}", str(local.month), str(local.day), str(local.year)}
        said |= {str(age // timedelta(minutes=1)), str(age // timedelta(hours=1)), str(age.days)}
    for answer in about.facts.values():
        said |= {
            str(f.value["on_hand"] - f.value["reserved"]) for f in answer.facts if f.kind is FactKind.STOCK
        }
    return said | {"3" if about.waiting and about.waiting.position else "1"}


@settings(max_examples=100, deadline=None)
@given(_turns())
def test_no_number_is_said_that_no_source_holds(about: BotTurn) -> None:
    m = move(about)
    allowed = _may_be_said(about)
    assert set(_NUMBER.findall(m.text)) <= allowed
    if m.handover is not None:
        for text in (m.handover.summary.zh, m.handover.summary.en):
            assert set(_NUMBER.findall(_MASKED.sub("", text))) <= allowed


@settings(max_examples=100, deadline=None)
@given(_turns())
def test_what_is_told_from_facts_names_them(about: BotTurn) -> None:
    m = move(about)
    told = {f"{f.kind}:{f.key}" for a in about.facts.values() for f in a.facts if str(f.key) in m.text}
    asked = set(m.options) or m.dialogue.expecting
    if told and not asked and m.handover is None:
        assert told & {source.ref for source in m.sources}
    assert m.reasons
    assert 0 <= m.confidence <= 1
    assert all(wish.due_at > NOW for wish in m.promises)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_nothing_is_asked_twice_in_any_conversation(data: st.DataObject) -> None:
    state = DialogueState()
    for _ in range(6):
        m = move(data.draw(_turns(state)))
        state = facade.dialogue_of(json.loads(json.dumps(facade.dialogue_json(m.dialogue))))
        assert all(count == 1 for count in state.asked.values()), state.asked
        assert state == m.dialogue


@settings(max_examples=40, deadline=None)
@given(_turns())
def test_the_same_turn_gets_the_same_answer(about: BotTurn) -> None:
    first: BotMove = move(about)
    assert first == facade.answer_many([turn("在吗", Intent.GREETING), about])[1]
