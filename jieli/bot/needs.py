"""What reception should ask supply before the bot answers."""

from collections.abc import Iterable

from jieli.bot.case import Keys, keys_of
from jieli.bot.contracts import BotTurn
from jieli.bot.serving import heard, serving
from jieli.bot.ways import WAYS
from jieli.supply.contracts import Ask, FactKind
from jieli.understanding.contracts import Emotion, Intent

_BY_SKU = frozenset({FactKind.STOCK, FactKind.PRODUCT})
_MOST_SKUS = 3


def of(turn: BotTurn) -> tuple[Ask, ...]:
    """Each ask once; none for mere talk. Somebody who is handed over comes with their orders."""
    keys = keys_of(turn)
    asks = [
        ask
        for intent in serving(turn, keys)
        for kind in WAYS[intent].facts
        for ask in _asks(turn, kind, keys)
    ]
    if not asks and _will_be_handed_over(turn):
        asks = [*_asks(turn, FactKind.ORDER, keys), *_asks(turn, FactKind.PARCEL, keys)]
    return tuple(dict.fromkeys(asks))


def _asks(turn: BotTurn, kind: FactKind, keys: Keys) -> Iterable[Ask]:
    if kind in _BY_SKU:
        return [Ask(None, kind, sku) for sku in keys.skus[:_MOST_SKUS]]
    if kind is FactKind.PROMOTION:
        return [Ask(None, kind)]
    if kind is FactKind.WARRANTY:
        return [Ask(turn.person, kind)]
    key = keys.order or (keys.tracking if kind is FactKind.PARCEL else "")
    return [Ask(turn.person, kind, key)]


def _will_be_handed_over(turn: BotTurn) -> bool:
    return Intent.HUMAN_AGENT in heard(turn) or turn.finding.emotion.emotion is Emotion.ANGRY
