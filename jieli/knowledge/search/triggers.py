"""Which resolution path a message leads to."""

from collections.abc import Iterable, Sequence

from jieli.knowledge.contracts import Path, Query
from jieli.knowledge.search.fusion import scope_fit


def best(
    paths: Iterable[Path],
    text: str,
    intents: Sequence[str],
    *,
    skus: Sequence[str] = (),
    categories: Sequence[str] = (),
) -> Path | None:
    """One of the intents and one of the trigger words must fit; a path without triggers needs the main intent."""
    said = text.casefold()
    known = Query(text="", skus=tuple(skus), categories=tuple(categories))
    found: tuple[float, Path] | None = None
    for path in paths:
        worth = _worth(path, said, intents, known)
        if worth and (found is None or worth > found[0]):
            found = worth, path
    return found[1] if found else None


def _worth(path: Path, said: str, intents: Sequence[str], known: Query) -> float:
    shared = set(intents) & set(path.intents)
    heard = sum(len(trigger) for trigger in path.triggers if trigger.casefold() in said)
    fit = scope_fit(path.scope, known)
    if not shared or fit is None or (path.triggers and not heard):
        return 0.0
    if not path.triggers and intents[0] not in path.intents:
        return 0.0
    return 1 + heard + fit
