"""Every intent, when the facts are there, when the sources do not answer now, when they will not, and when there is nothing."""

import pytest

from jieli.bot.contracts import Action, BotMove, SourceKind
from jieli.bot.tests.makers import FACTS, SKU, entity, move, turn, with_facts, with_unknown
from jieli.bot.ways import TALK, WAYS
from jieli.understanding.contracts import EntityKind, Intent

pytestmark = pytest.mark.django_db

_A, _Q, _H, _G, _T, _K = "answer", "ask", "hand_over", "greet", "thank", "acknowledge"
I = Intent  # noqa: E741 - a table reads better
# intent: (facts there, asked and due, asked in vain, nothing is there), without any article
TABLE: dict[Intent, tuple[str, str, str, str]] = {
    I.PRODUCT_INFO: (_A, _A, _H, _H),
    I.RECOMMENDATION: (_H, _H, _H, _H),
    I.SIZE_FIT: (_A, _A, _H, _H),
    I.STOCK: (_A, _A, _H, _Q),
    I.PROMOTION: (_A, _A, _H, _H),
    I.PRICE_PROTECTION: (_H, _H, _H, _Q),
    I.AUTHENTICITY: (_A, _A, _H, _H),
    I.ORDERING: (_H, _H, _H, _H),
    I.PAYMENT: (_H, _H, _H, _H),
    I.DELIVERY_POLICY: (_H, _H, _H, _H),
    I.SHIP_WHEN: (_A, _A, _H, _Q),
    I.TRACK: (_A, _A, _H, _Q),
    I.DELIVERY_PROBLEM: (_H, _H, _H, _Q),
    I.ORDER_CHANGE: (_H, _H, _H, _Q),
    I.ORDER_CANCEL: (_H, _H, _H, _Q),
    I.ORDER_QUERY: (_A, _A, _H, _Q),
    I.INVOICE: (_A, _A, _H, _H),
    I.RETURN_GOODS: (_A, _A, _H, _H),
    I.EXCHANGE_GOODS: (_A, _A, _H, _H),
    I.REFUND_STATUS: (_A, _A, _H, _Q),
    I.REPAIR_WARRANTY: (_A, _A, _H, _H),
    I.INSTALL_SERVICE: (_H, _H, _H, _H),
    I.QUALITY_ISSUE: (_H, _H, _H, _H),
    I.MISSING_WRONG: (_H, _H, _H, _Q),
    I.USAGE_HELP: (_H, _H, _H, _H),
    I.COMPLAINT: (_H, _H, _H, _H),
    I.PROMISE_CLAIM: (_H, _H, _H, _H),
    I.ACCOUNT: (_H, _H, _H, _H),
    I.HUMAN_AGENT: (_H, _H, _H, _H),
    I.PROVIDE_INFO: (_K, _K, _K, _K),
    I.AFFIRM: (_K, _K, _K, _K),
    I.DENY: (_K, _K, _K, _K),
    I.GREETING: (_G, _G, _G, _G),
    I.THANKS_BYE: (_T, _T, _T, _T),
    I.URGE: (_H, _H, _H, _H),
    I.CHITCHAT: (_K, _K, _K, _K),
    I.OTHER: (_H, _H, _H, _H),
}
_OF_A_PRODUCT = (I.STOCK, I.PRODUCT_INFO, I.SIZE_FIT, I.AUTHENTICITY)


def _moves(intent: Intent, locale: str) -> tuple[BotMove, ...]:
    named = [entity(EntityKind.SKU, SKU)] if intent in _OF_A_PRODUCT else []
    about = turn("请看一下", intent, entities=named, locale=locale)
    return (
        move(with_facts(about, *FACTS.values())),
        move(with_unknown(about)),
        move(with_unknown(about, back_in_s=None)),
        move(with_facts(turn("请看一下", intent, locale=locale))),
    )


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("intent", list(Intent))
def test_each_intent_goes_its_way(intent: Intent, locale: str) -> None:
    there, due, vain, nothing = _moves(intent, locale)
    assert tuple(m.action.value for m in (there, due, vain, nothing)) == TABLE[intent]
    for m in (there, due, vain, nothing):
        assert f"intent:{intent}" in m.reasons
        assert m.text
        assert "{" not in m.text
        assert (m.action is Action.HAND_OVER) is (m.handover is not None)
    if intent not in TALK and WAYS[intent].tell:
        _told_with_their_source(there)
        _unknown_with_a_time(due)
        assert vain.handover is not None
        assert vain.handover.open_questions


def _told_with_their_source(there: BotMove) -> None:
    assert any(s.kind is SourceKind.FACT and s.version == "erp" and s.as_of for s in there.sources)
    assert "erp" in there.text


def _unknown_with_a_time(due: BotMove) -> None:
    assert "14:05" in due.text
    assert "erp" in due.text
    assert [wish.kind for wish in due.promises] == ["answer"]
    assert [f"{wish.due_at:%H:%M}" for wish in due.promises] == ["06:05"]


def test_the_table_and_the_ways_cover_every_intent() -> None:
    assert set(TABLE) == set(Intent) == set(WAYS) | TALK
