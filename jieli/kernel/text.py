"""Text from outside: any language, any emoji, but nothing a database cannot keep."""

import re
from typing import Annotated

from annotated_types import MaxLen, Predicate

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> bool:
    """No NUL (PostgreSQL refuses it) and no lone surrogate (it has no UTF-8 form)."""
    return not _UNSTORABLE.search(text)


Text = Annotated[str, MaxLen(10_000), Predicate(storable)]
Short = Annotated[str, MaxLen(200), Predicate(storable)]
Code = Annotated[str, MaxLen(60), Predicate(storable)]
