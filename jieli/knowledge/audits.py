from collections.abc import Iterable

from django.db.models import F

from jieli.kernel import laws
from jieli.knowledge import models


@laws.audit(4, "articles that readers see were reviewed")
def unreviewed() -> Iterable[tuple[object, str]]:
    """Law 4: the bot may only quote what somebody let through."""
    seen = models.ArticleVersion.objects.filter(number=F("article__published"), published_at=None)
    for version in seen.select_related("article"):
        yield version.article.slug, f"readers see version {version.number}, which was never published"
