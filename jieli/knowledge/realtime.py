"""Screens that show articles hear when what readers see has changed."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from jieli.kernel.actor import Actor
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.knowledge import models, selectors
from jieli.knowledge.contracts import Article

TOPIC = "knowledge:articles"


@topics.guard("knowledge")
def may_listen(actor: Actor, _rest: str) -> bool:
    return actor.may(selectors.READ)


@projections.projects("knowledge.article_changed")
def article_changed(events: Sequence[Published]) -> Iterable[Frame]:
    """The article as lists show it now, without its texts."""
    ids = {UUID(str(event.payload["article"])) for event in events}
    found: dict[UUID, Article] = {
        one.id: one for one in selectors.articles(list(models.Article.objects.filter(id__in=ids)))
    }
    for event in events:
        one = found.get(UUID(str(event.payload["article"])))
        if one is not None:
            shown = {
                "id": str(one.id),
                "slug": one.slug,
                "state": one.state.value,
                "published": one.published,
            }
            yield Frame(event.position, TOPIC, event.name, shown)
