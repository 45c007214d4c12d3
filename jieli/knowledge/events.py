from dataclasses import dataclass
from uuid import UUID

from jieli.kernel import outbox


@outbox.event("knowledge.article_changed")
@dataclass(frozen=True, slots=True)
class ArticleChanged:
    """What readers see of an article became another version; `version` 0 means that nobody sees it any more."""

    article: UUID
    version: int

    @property
    def subject(self) -> UUID:
        return self.article

    @property
    def topics(self) -> tuple[str, ...]:
        return ("knowledge:articles",)
