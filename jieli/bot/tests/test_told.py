"""What is told to staff has no language until somebody reads it: codes that the screens have words for."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from jieli.bot import facade, screens
from jieli.bot.contracts import BotMove, HandoverWish, OpenPromise
from jieli.bot.tests.makers import (
    CONVERSATION,
    FACTS,
    ORDER,
    after,
    entity,
    move,
    order,
    parcel,
    turn,
    unknown,
    with_facts,
    with_unknown,
)
from jieli.bot.told import plain
from jieli.supply.contracts import Ask, FactKind
from jieli.understanding.contracts import Emotion, EntityKind, Intent, PreviousTurn

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables

_ON_SCREENS = {
    f"{section}.{name}" for section, names in json.loads(screens.file_of("en")).items() for name in names
}


@pytest.mark.parametrize("locale", sorted(screens.FILES))
def test_the_web_apps_have_the_words_that_the_bot_has(locale: str) -> None:
    kept = (screens.FOLDER / screens.FILES[locale]).read_text(encoding="utf-8")
    assert kept == screens.file_of(locale), "The words changed: run 'make words'."


def _moves() -> Iterator[BotMove]:
    known = tuple(FACTS.values())
    for intent in I:
        for locale in ("zh", "en"):
            about = turn("给我处理一下", intent, emotion=Emotion.ANGRY, tier="gold", locale=locale)
            yield move(with_facts(about, *known))
            yield move(with_unknown(about, back_in_s=None))
    for state in ("exception", "delivered", "out_for_delivery"):
        yield move(with_facts(turn("转人工", I.HUMAN_AGENT), parcel(state=state, exception="lost")))
    yield move(turn("", I.OTHER, type="image"))
    asked = move(with_facts(turn("到哪了", I.TRACK), order(), order("C200")))
    yield move(with_facts(after(asked, "不知道", I.TRACK), order(), order("C200")))


def _codes(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if "code" in told:
            yield told["code"]
        for one in told.values():
            yield from _codes(one)
    elif isinstance(told, list):
        for one in told:
            yield from _codes(one)


def _all(wish: HandoverWish) -> list[dict[str, Any]]:
    told = [*wish.told, *(one for note in wish.facts for one in note.told)]
    told += [question.told for question in wish.open_questions if question.told]
    return [plain(one) for one in told]


def test_screens_have_words_for_every_code() -> None:
    moves = list(_moves())
    codes = {code for one in moves if one.handover for code in _codes(_all(one.handover))}
    said = [wish.what.told for one in moves for wish in one.promises]
    codes |= {code for one in said if one for code in _codes(plain(one))}
    assert len(codes) > 40
    theirs = {code for code in codes if not code.startswith(("intent.", "emotion."))}
    assert theirs <= _ON_SCREENS


def test_nothing_of_our_own_is_written_in_one_language() -> None:
    """The Chinese in it is the customer's, the product's or the carrier's."""
    about = turn(
        "包裹 SF1 在哪",
        I.HUMAN_AGENT,
        I.TRACK,
        previous=(PreviousTurn("customer", "我要投诉"),),
        entities=[entity(EntityKind.ORDER_NO, ORDER)],
    )
    made = move(with_facts(about, parcel()))
    assert made.handover is not None
    told = json.dumps(_all(made.handover), ensure_ascii=False)
    for given in ("包裹 SF1 在哪", "我要投诉", "顺丰速运", "离开杭州转运中心", "杭州"):
        told = told.replace(given, "")
    assert told.isascii(), told


def test_every_question_has_its_code() -> None:
    for one in _moves():
        if one.handover:
            assert all(question.told for question in one.handover.open_questions)


def test_a_promise_is_told_in_the_language_of_whoever_hears_it() -> None:
    """What was promised in Chinese is named in English to a customer who reads English."""
    promised = move(with_facts(turn("什么时候发货", I.SHIP_WHEN), order())).promises[0]
    open_ = OpenPromise(CONVERSATION, promised.what.zh, promised.due_at, "bot", promised.what.told)
    said = move(turn("hello", I.GREETING, locale="en", open_promises=(open_,))).text
    assert f"Promised: Ship order {ORDER}" in said


def test_a_silent_source_is_named_as_asked_and_what_was_last_known_as_a_fact() -> None:
    about = turn("到哪了", I.TRACK, entities=[entity(EntityKind.ORDER_NO, ORDER)])
    asks = facade.needs([about])[0]
    assert Ask(about.person, FactKind.PARCEL, ORDER) in asks
    missing = unknown(asks[0])
    made = move(with_unknown(about, last_known=(parcel(), order())))
    kinds = [source.kind.value for source in made.sources]
    assert missing.source
    assert kinds == ["asked", "fact"]
    assert made.sources[1].seal == parcel().seal
