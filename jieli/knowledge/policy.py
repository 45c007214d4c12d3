"""Rules of the life of an article: pure functions over contracts."""

from uuid import UUID

from jieli.kernel.actor import Actor
from jieli.knowledge.contracts import ArticleState, Text
from jieli.knowledge.errors import NothingToRead, NotInThisState, ReviewedByAuthor

WRITE = "knowledge.write"
REVIEW = "knowledge.review"
REVIEW_OWN = "knowledge.review_own"

_S = ArticleState
_FROM: dict[str, frozenset[ArticleState]] = {
    "submit": frozenset({_S.DRAFT}),
    "publish": frozenset({_S.IN_REVIEW}),
    "send_back": frozenset({_S.IN_REVIEW}),
    "retire": frozenset({_S.DRAFT, _S.IN_REVIEW, _S.PUBLISHED}),
    "restore": frozenset(_S),
    "save": frozenset({_S.DRAFT, _S.IN_REVIEW, _S.PUBLISHED}),
}


def require(command: str, state: ArticleState) -> None:
    """Raises `NotInThisState` unless the command may be given in this state."""
    if state not in _FROM[command]:
        raise NotInThisState(f"“{command}” is not possible while the article is {state}.", state=state)


def require_reviewer(actor: Actor, author: UUID | None) -> None:
    """Four eyes: whoever wrote a version does not publish it, unless trusted to with `knowledge.review_own`."""
    actor.require(REVIEW)
    if author is not None and actor.id == author and not actor.may(REVIEW_OWN):
        raise ReviewedByAuthor


def require_readable(texts: dict[str, Text]) -> None:
    if not texts or not all(t.title.strip() and t.body.strip() for t in texts.values()):
        raise NothingToRead


def next_version(latest: int, *, latest_is_open: bool, same_author: bool) -> int:
    """A draft its author saves again stays one version; anything else becomes the next."""
    return latest if latest and latest_is_open and same_author else latest + 1
