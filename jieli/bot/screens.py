"""The words of what is told, as the web apps have them: `make words` writes them anew."""

import json
from pathlib import Path

from jieli.bot import words

FOLDER = Path(__file__).parents[2] / "web" / "packages" / "words" / "src"
FILES = {"zh": "zh-CN/told.json", "en": "en/told.json"}
SECTIONS = (
    "exception", "given", "invoice", "invoice_state", "media", "open_question", "order", "order_state", "parcel",
    "parcel_state", "product", "promise", "promotion", "refund", "refund_state", "return", "return_state",
    "return_type", "stock", "summary", "tier", "tried", "warranty", "what", "why",
)  # fmt: skip
_ONLY_SAID = frozenset(
    {
        "order.ship_by", "order.ship_late", "order.ship_unknown", "order.shipped", "order.unpaid", "order.label",
        "parcel.eta", "parcel.promised", "parcel.late", "product.lot", "summary.facts", "summary.fact",
        "summary.open", "summary.question",
    }
)  # fmt: skip
"""Sentences that only ever stand in a message to the customer."""


def file_of(locale: str) -> str:
    """The words of one language, as they lie in its file."""
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for key, text in words.table().items():
        section, _, name = key.partition(".")
        if section in found and key not in _ONLY_SAID:
            found[section][name] = text.say(locale)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for locale, name in FILES.items():
        (FOLDER / name).write_text(file_of(locale), encoding="utf-8")
