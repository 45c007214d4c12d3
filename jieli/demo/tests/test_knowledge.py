import re

import pytest

from jieli.demo.brand.contracts import (
    Article,
    Audience,
    BotText,
    DemoBrand,
    EndKind,
    ResolutionPath,
    SavedReply,
    ScopeKind,
    WordAction,
    WordKind,
)
from jieli.demo.brand.policies import Policies, unfilled

INTENTS = [
    "product_info",
    "recommendation",
    "size_fit",
    "stock",
    "promotion",
    "price_protection",
    "authenticity",
    "ordering",
    "payment",
    "delivery_policy",
    "ship_when",
    "track",
    "delivery_problem",
    "order_change",
    "order_cancel",
    "order_query",
    "invoice",
    "return_goods",
    "exchange_goods",
    "refund_status",
    "repair_warranty",
    "install_service",
    "quality_issue",
    "missing_wrong",
    "usage_help",
    "complaint",
    "promise_claim",
    "account",
    "human_agent",
    "provide_info",
    "affirm",
    "deny",
    "greeting",
    "thanks_bye",
    "urge",
    "chitchat",
    "other",
]
_CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_the_main_one_of_an_article_in_both_languages(lumora: DemoBrand, intent: str) -> None:
    found = [one for one in lumora.articles if one.intents[0] == intent]
    assert found
    assert all(one.title.zh and one.title.en and one.body.zh and one.body.en for one in found)


def test_articles_name_known_intents_and_enough_questions(lumora: DemoBrand) -> None:
    for one in lumora.articles:
        assert set(one.intents) <= set(INTENTS), one.key
        assert len(set(one.questions)) >= 4, one.key
        assert one.valid_until is None or one.valid_from < one.valid_until


def test_english_articles_are_english(lumora: DemoBrand) -> None:
    for one in lumora.articles:
        assert not _CJK.search(one.title.en + one.body.en), one.key
        assert len(one.body.en) > 60, one.key


def test_articles_leave_no_slot_open(lumora: DemoBrand) -> None:
    for one in lumora.articles:
        assert not unfilled(one.title.zh + one.body.zh + one.title.en + one.body.en), one.key


def test_both_languages_tell_the_same_policy_numbers(lumora: DemoBrand) -> None:
    rule = next(one for one in lumora.articles if one.key == "return-seven-days")
    days = str(lumora.policies.return_days)
    assert days in rule.body.zh
    assert days in rule.body.en


def test_a_changed_policy_changes_the_words() -> None:
    assert Policies(return_days=10).fill("{return_days} 天，{order_no}") == "10 天，{order_no}"


def test_scopes_resolve(lumora: DemoBrand) -> None:
    known = {
        ScopeKind.BRAND: {""},
        ScopeKind.LINE: {str(one.line) for one in lumora.skus},
        ScopeKind.CATEGORY: {one.key for one in lumora.categories},
        ScopeKind.PRODUCT: {one.product for one in lumora.skus},
        ScopeKind.SKU: {one.code for one in lumora.skus},
    }
    scoped: list[Article | ResolutionPath] = [*lumora.articles, *lumora.paths]
    for one in scoped:
        assert one.scope.key in known[one.scope.kind], one.key
    assert {one.category for one in lumora.skus} == known[ScopeKind.CATEGORY]


def lines(lumora: DemoBrand) -> list[SavedReply | BotText]:
    return [*lumora.saved_replies, *lumora.bot_texts]


def reached(path: ResolutionPath) -> tuple[set[str], set[str]]:
    """Steps and ends that can be reached from the first step; KeyError for a choice that leads nowhere."""
    steps = {one.key: one for one in path.steps}
    seen, ends, todo = set[str](), set[str](), [path.steps[0].key]
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += [choice.next_step for choice in steps[key].choices if choice.next_step]
            ends |= {choice.end for choice in steps[key].choices if choice.end}
    return seen, ends


def test_paths_lead_everywhere_and_always_end(lumora: DemoBrand) -> None:
    skills = {one.key for one in lumora.skills}
    for path in lumora.paths:
        steps, ends = reached(path)
        assert steps == {one.key for one in path.steps}
        assert ends == {key for key, _ in path.ends}
        assert {end.kind for _, end in path.ends} >= {EndKind.HAND_OVER}
        for _, end in path.ends:
            assert end.kind is not EndKind.HAND_OVER or end.target in skills
            assert (end.target == "") is (end.kind is EndKind.SOLVED)


def test_paths_are_told_in_both_languages(lumora: DemoBrand) -> None:
    for path in lumora.paths:
        texts = [path.title, *(end.text for _, end in path.ends)]
        for step in path.steps:
            texts += [step.guide, step.question, *(choice.label for choice in step.choices)]
        assert all(one.zh and one.en and not _CJK.search(one.en) for one in texts)
        assert not any(unfilled(one.zh + one.en) for one in texts)


def test_the_brand_obeys_its_own_sensitive_words(lumora: DemoBrand) -> None:
    blocked = [one.word for one in lumora.sensitive_words if one.action is WordAction.BLOCK]
    spoken = [one.text.zh for one in lines(lumora)]
    spoken += [one.title.zh + one.body.zh for one in lumora.articles if one.audience is not Audience.AGENT]
    spoken += [item.script.zh for session in lumora.sessions for item in session.on_air]
    spoken += [one.name.zh for one in lumora.skus]
    assert [(word, text) for word in blocked for text in spoken if word in text] == []


def test_sensitive_words_cover_every_kind(lumora: DemoBrand) -> None:
    assert {one.kind for one in lumora.sensitive_words} == set(WordKind)
    words = [one.word for one in lumora.sensitive_words]
    assert len(words) == len(set(words))


def test_replies_and_bot_lines_ask_for_the_same_slots_in_both_languages(lumora: DemoBrand) -> None:
    for one in lines(lumora):
        assert set(unfilled(one.text.zh)) == set(unfilled(one.text.en)), one.key
        assert not _CJK.search(one.text.en), one.key
    assert all(set(one.intents) <= set(INTENTS) for one in lumora.saved_replies)


def test_every_intent_with_a_desk_has_a_skill(lumora: DemoBrand) -> None:
    asked = {intent for one in lumora.skills for intent in one.intents}
    talk = set(INTENTS[INTENTS.index("human_agent") :])
    assert asked == set(INTENTS) - talk
