"""Turns, findings and facts of an invented brand for the bot's tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from jieli.bot import facade
from jieli.bot.contracts import BotMove, BotTurn
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import (
    Choice,
    EndKind,
    NewArticle,
    Path,
    PathEnd,
    PathId,
    Scope,
    Step,
    Text,
    Words,
)
from jieli.supply.contracts import Answer, Ask, Fact, FactKind, Unknown, UnknownReason
from jieli.understanding.contracts import (
    Emotion,
    EmotionFinding,
    Entity,
    EntityKind,
    Finding,
    Intent,
    IntentScore,
)

NOW = datetime(2026, 11, 11, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
PERSON, CONVERSATION = UUID(int=1), UUID(int=2)
SOURCE = "erp"
ORDER, OTHER_ORDER, TRACKING, SKU = "D20261109001", "D20261101002", "SF7312000000018", "AC-350"


def at(**ago: float) -> str:
    return (NOW - timedelta(**ago)).isoformat()


def fact(kind: FactKind, key: str, value: Mapping[str, Any], *, minutes_old: float = 3) -> Fact:
    return Fact(kind, key, value, SOURCE, NOW - timedelta(minutes=minutes_old))


def order(number: str = ORDER, state: str = "paid", **more: Any) -> Fact:
    line = {"sku": SKU, "name": "清风空调", "qty": 1, "price": "3299.00"}
    value = {
        "number": number,
        "state": state,
        "placed_at": at(days=2),
        "amount": "3299.00",
        "lines": [line],
        "promised_at": at(days=-1),
    }
    return fact(FactKind.ORDER, number, value | more)


def parcel(tracking: str = TRACKING, state: str = "in_transit", **more: Any) -> Fact:
    value = {
        "tracking": tracking,
        "carrier": "顺丰速运",
        "state": state,
        "order": ORDER,
        "tracks": [{"at": at(minutes=20), "place": "杭州", "text": "离开杭州转运中心"}],
        "eta": at(days=-1, hours=-4),
    }
    return fact(FactKind.PARCEL, tracking, value | more)


def refund(number: str = "T1001", **more: Any) -> Fact:
    value = {
        "number": number,
        "order": ORDER,
        "amount": "199.50",
        "state": "processing",
        "asked_at": at(days=1),
    }
    return fact(FactKind.REFUND, number, value | {"due_at": at(days=-2), "to": "微信零钱"} | more)


FACTS: dict[FactKind, Fact] = {
    FactKind.ORDER: order(),
    FactKind.PARCEL: parcel(),
    FactKind.REFUND: refund(),
    FactKind.STOCK: fact(FactKind.STOCK, SKU, {"sku": SKU, "name": "清风空调", "on_hand": 9, "reserved": 6}),
    FactKind.RETURN: fact(
        FactKind.RETURN,
        "R7",
        {"number": "R7", "order": ORDER, "type": "return", "state": "inspecting", "asked_at": at(days=3)},
    ),
    FactKind.PROMOTION: fact(
        FactKind.PROMOTION,
        "P1",
        {"code": "P1", "name": "满减", "text": "满 300 减 40", "from_at": at(days=1), "to_at": at(days=-1)},
    ),
    FactKind.PRODUCT: fact(
        FactKind.PRODUCT,
        SKU,
        {
            "sku": SKU,
            "name": "清风空调",
            "origin": "宁波",
            "warranty_months": 72,
            "category": "air_conditioner",
        },
    ),
    FactKind.INVOICE: fact(
        FactKind.INVOICE,
        "F5",
        {"number": "F5", "order": ORDER, "amount": "3299.00", "state": "issued", "issued_at": at(hours=5)},
    ),
    FactKind.WARRANTY: fact(
        FactKind.WARRANTY,
        "S9",
        {"serial": "S9", "sku": SKU, "name": "清风空调", "from_at": at(days=100), "until": at(days=-900)},
    ),
}


def entity(kind: EntityKind, value: str, text: str = "") -> Entity:
    return Entity(kind, text or value, value, 0, len(text or value))


def finding(
    *intents: Intent,
    confidence: float = 0.9,
    emotion: Emotion = Emotion.CALM,
    score: float = 0.8,
    entities: Sequence[Entity] = (),
) -> Finding:
    scores = tuple(IntentScore(intent, confidence) for intent in intents)
    return Finding(scores, EmotionFinding(emotion, score, ()), tuple(entities), (), "test@1")


def turn(text: str, *intents: Intent, **more: Any) -> BotTurn:
    """`more`: what a finding takes and what a BotTurn takes."""
    of_finding = {k: more.pop(k) for k in ("confidence", "emotion", "score", "entities") if k in more}
    found = finding(*intents, **of_finding)
    return BotTurn(person=PERSON, conversation=CONVERSATION, text=text, finding=found, now=NOW, **more)


def unknown(
    ask: Ask,
    *,
    back_in_s: float | None = 300,
    reason: UnknownReason = UnknownReason.SLOW,
    last_known: tuple[Fact, ...] = (),
) -> Unknown:
    back = None if back_in_s is None else NOW + timedelta(seconds=back_in_s)
    last = tuple(fact for fact in last_known if fact.kind is ask.kind)
    return Unknown(ask.kind, ask.key, SOURCE, NOW, back, reason, last)


def with_facts(given: BotTurn, *facts: Fact) -> BotTurn:
    """Supply answers what the bot asks for, from these facts."""
    answers = {ask: Answer([f for f in facts if f.kind is ask.kind]) for ask in facade.needs([given])[0]}
    return _with(given, answers)


def with_unknown(given: BotTurn, **how: Any) -> BotTurn:
    return _with(given, {ask: Answer([], unknown(ask, **how)) for ask in facade.needs([given])[0]})


def _with(given: BotTurn, answers: Mapping[Ask, Answer]) -> BotTurn:
    return replace(given, facts=answers)


def move(given: BotTurn) -> BotMove:
    return facade.answer_many([given])[0]


def after(first: BotMove, text: str, *intents: Intent, **more: Any) -> BotTurn:
    """The customer's next message in the same conversation."""
    return turn(text, *intents, dialogue=facade.dialogue_of(facade.dialogue_json(first.dialogue)), **more)


def article(slug: str, title: str, body: str, *questions: str, intents: tuple[str, ...]) -> None:
    new = NewArticle(slug=slug, intents=intents, texts={"zh": Text(title, body, questions)})
    knowledge.import_articles(SYSTEM, [new])


def path(intents: tuple[str, ...] = ("quality_issue",)) -> UUID:
    power = Step(
        "power",
        Words("请看插头。", "Look at the plug."),
        Words("插好了吗？", "Is it plugged in?"),
        (Choice(Words("插好了", "Yes"), step="light"), Choice(Words("没插好", "No"), end="fine")),
    )
    light = Step(
        "light",
        Words("请看指示灯。", "Look at the light."),
        Words("什么颜色？", "Which colour?"),
        (Choice(Words("红色", "Red"), end="visit"), Choice(Words("绿色", "Green"), end="ticket")),
    )
    ends = {
        "fine": PathEnd(EndKind.SOLVED, "", Words("这样就好了。", "That is it.")),
        "visit": PathEnd(
            EndKind.HAND_OVER, "appliance_tech", Words("需要师傅看。", "An engineer must look.")
        ),
        "ticket": PathEnd(EndKind.TICKET, "repair", Words("为您报修。", "We open a repair.")),
    }
    path = Path(
        id=PathId(uuid4()),
        slug="no-cooling",
        title=Words("空调不制冷", "No cooling"),
        intents=intents,
        scope=Scope(),
        triggers=("不制冷",),
        steps=(power, light),
        ends=ends,
    )
    return knowledge.save_path(SYSTEM, path).id
