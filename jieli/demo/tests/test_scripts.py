from itertools import islice

from jieli.demo import scripts
from jieli.demo.brand.contracts import DemoBrand, IdentityKind
from jieli.demo.scripts.contracts import Case, Emotion, Happening, Role
from jieli.demo.tests.test_knowledge import INTENTS


def first_round(lumora: DemoBrand, seed: int = 7) -> list[Role]:
    return list(islice(scripts.cast(lumora, seed), len(scripts.scripts())))


def test_scripts_cover_every_intent_emotion_and_case() -> None:
    written = scripts.scripts()
    assert len(written) >= 60
    assert {intent for one in written for intent in one.intents} == set(INTENTS)
    assert {one.emotion for one in written} == set(Emotion)
    assert {one.case for one in written} == set(Case)
    assert len({one.key for one in written}) == len(written)


def test_customers_take_turns_and_react_to_everything() -> None:
    for one in scripts.scripts():
        assert len(one.turns) >= 2, one.key
        assert {reaction.on for reaction in one.reactions} == set(Happening)


def test_every_script_finds_someone_to_play_it(lumora: DemoBrand) -> None:
    assert {one.script.key for one in first_round(lumora)} == {one.key for one in scripts.scripts()}


def test_casting_is_the_same_for_the_same_seed(lumora: DemoBrand) -> None:
    assert first_round(lumora) == first_round(lumora)
    assert first_round(lumora) != first_round(lumora, seed=8)


def test_a_role_speaks_of_its_own_order(lumora: DemoBrand) -> None:
    orders = {one.number: one for one in lumora.orders}
    for role in islice(scripts.cast(lumora), 500):
        said = " ".join(
            [*(one.say for one in role.turns), *(say for one in role.reactions for say in one.says)]
        )
        assert "{" not in said
        if role.order:
            order = orders[role.order]
            assert order.customer == role.customer
            assert role.sku in {line.sku for line in order.lines}


def test_the_sender_is_an_identity_of_the_customer(lumora: DemoBrand) -> None:
    held = {one.key: {(two.kind, two.value) for two in one.identities} for one in lumora.customers}
    kinds = set()
    for role in islice(scripts.cast(lumora), 300):
        assert (role.sender_kind, role.sender) in held[role.customer]
        kinds.add(role.sender_kind)
    assert kinds >= {IdentityKind.OPENID_MINI, IdentityKind.OPENID_OFFICIAL, IdentityKind.ACCOUNT}


def test_answers_are_used_up(lumora: DemoBrand) -> None:
    role = next(one for one in scripts.cast(lumora) if one.script.emotion is Emotion.ANGRY)
    said = next(one.says for one in role.reactions if one.on is Happening.ANSWERED)
    assert [role.answer(Happening.ANSWERED, times) for times in range(len(said) + 1)] == [*said, None]
