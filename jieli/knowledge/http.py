"""REST: /articles, /saved-replies, /resolution-paths."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query as Params
from ninja import Router
from pydantic import Field

from jieli.kernel.http import Page, actor_of, page
from jieli.kernel.ids import new_id
from jieli.knowledge import contracts as c
from jieli.knowledge import facade, policy, selectors
from jieli.knowledge import schemas as s

router = Router(tags=["knowledge"])
Limit = Annotated[int, Field(ge=1, le=50)]


def _listed(article: c.Article, locale: str) -> s.ArticleListed:
    same = ("id", "slug", "category", "audience", "state", "version", "published")
    times = ("changed_at", "valid_from", "valid_until")
    return s.ArticleListed(
        **{name: getattr(article, name) for name in same + times},
        title=article.text(locale).title,
        intents=list(article.intents),
    )


@router.get("/articles", response=Page[s.ArticleListed], operation_id="knowledge_list_articles")
def list_articles(
    request: HttpRequest,
    state: c.ArticleState | None = None,
    slug: s.Short = "",
    locale: s.Short = "zh",
    cursor: s.Short = "",
) -> dict[str, Any]:
    """The newest version of each article, newest article first."""
    rows = selectors.article_rows(actor_of(request))
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(slug__startswith=slug) if slug else rows
    return page(rows, cursor, lambda found: [_listed(a, locale) for a in selectors.articles(found)])


@router.get("/articles/search", response=list[c.Hit], operation_id="knowledge_search")
def search(
    request: HttpRequest,
    *,
    q: s.Short,
    audience: c.Audience = c.Audience.AGENT,
    intents: Annotated[list[s.Code], Params()] = [],  # noqa: B006 - ninja reads it as a default, nobody changes it
    skus: Annotated[list[s.Code], Params()] = [],  # noqa: B006
    locale: s.Short = "zh",
    limit: Limit = 10,
) -> list[c.Hit]:
    """The articles that answer a question, best first, with how sure that is."""
    actor_of(request).require(selectors.READ)
    return facade.search(q, audience=audience, intents=intents, skus=skus, locale=locale, limit=limit)


@router.post("/articles", response=c.Article, operation_id="knowledge_save_article")
def save_article(request: HttpRequest, body: s.ArticleIn) -> c.Article:
    """Make an article, or the next version of the one with this slug; readers see it once it is published."""
    return facade.save_draft(actor_of(request), body.contract())


@router.get("/articles/{uuid:article}", response=c.Article, operation_id="knowledge_article")
def article(request: HttpRequest, article: UUID, version: s.Number | None = None) -> c.Article:
    return facade.article(actor_of(request), c.ArticleId(article), version)


@router.get(
    "/articles/{uuid:article}/versions", response=list[c.Version], operation_id="knowledge_article_versions"
)
def versions(request: HttpRequest, article: UUID) -> list[c.Version]:
    """Every version, newest first."""
    return facade.versions(actor_of(request), c.ArticleId(article))


@router.get(
    "/articles/{uuid:article}/changes", response=list[c.FieldDiff], operation_id="knowledge_article_changes"
)
def changes(request: HttpRequest, article: UUID, old: s.Number, new: s.Number) -> list[c.FieldDiff]:
    """What differs between two versions, line by line."""
    return facade.changes(actor_of(request), c.ArticleId(article), old, new)


@router.post("/articles/{uuid:article}/submit", response=c.Article, operation_id="knowledge_submit")
def submit(request: HttpRequest, article: UUID) -> c.Article:
    """Ask for review."""
    return facade.submit(actor_of(request), c.ArticleId(article))


@router.post("/articles/{uuid:article}/send-back", response=c.Article, operation_id="knowledge_send_back")
def send_back(request: HttpRequest, article: UUID, body: s.NoteIn) -> c.Article:
    """Back to its author, with what is to be mended."""
    return facade.send_back(actor_of(request), c.ArticleId(article), body.note)


@router.post("/articles/{uuid:article}/publish", response=c.Article, operation_id="knowledge_publish")
def publish(request: HttpRequest, article: UUID) -> c.Article:
    """Let readers see the newest version; not by its own author."""
    return facade.publish(actor_of(request), c.ArticleId(article))


@router.post("/articles/{uuid:article}/retire", response=c.Article, operation_id="knowledge_retire")
def retire(request: HttpRequest, article: UUID) -> c.Article:
    """Nobody sees it any more; it can be restored."""
    return facade.retire(actor_of(request), c.ArticleId(article))


@router.post("/articles/{uuid:article}/restore", response=c.Article, operation_id="knowledge_restore")
def restore(request: HttpRequest, article: UUID, body: s.VersionIn) -> c.Article:
    """An older version becomes a new draft."""
    return facade.restore(actor_of(request), c.ArticleId(article), body.version)


@router.get("/saved-replies", response=list[c.SavedReply], operation_id="knowledge_saved_replies")
def saved_replies(
    request: HttpRequest,
    q: s.Short = "",
    intents: Annotated[list[s.Code], Params()] = [],  # noqa: B006
) -> list[c.SavedReply]:
    """Those whose words hold `q`; the ones for these intents first."""
    return facade.saved_replies(actor_of(request), q, intents)


@router.put("/saved-replies/{slug}", response=c.SavedReply, operation_id="knowledge_save_reply")
def save_reply(request: HttpRequest, slug: s.Code, body: s.ReplyIn) -> c.SavedReply:
    return facade.save_reply(
        actor_of(request),
        slug=slug,
        group=body.group.contract(),
        title=body.title.contract(),
        text=body.text.contract(),
        intents=body.intents,
    )


@router.delete("/saved-replies/{slug}", response={204: None}, operation_id="knowledge_delete_reply")
def delete_reply(request: HttpRequest, slug: s.Code) -> None:
    facade.delete_reply(actor_of(request), slug)


@router.post("/saved-replies/{slug}/fill", response=s.Filled, operation_id="knowledge_fill_reply")
def fill(request: HttpRequest, slug: s.Code, body: s.FillIn) -> s.Filled:
    """The text with what is known filled in."""
    found = selectors.saved_reply(actor_of(request), slug)
    text, missing = facade.fill(found, body.variables, body.locale)
    return s.Filled(text=text, missing=list(missing))


@router.get("/resolution-paths", response=list[c.Path], operation_id="knowledge_paths")
def paths(request: HttpRequest) -> list[c.Path]:
    actor_of(request).require(selectors.READ)
    return selectors.paths()


@router.get("/resolution-paths/{slug}", response=c.Path, operation_id="knowledge_path")
def path(request: HttpRequest, slug: s.Code) -> c.Path:
    return selectors.path_of_slug(actor_of(request), slug)


@router.put("/resolution-paths/{slug}", response=c.Path, operation_id="knowledge_save_path")
def save_path(request: HttpRequest, slug: s.Code, body: s.PathIn) -> c.Path:
    """Make or replace a path; refused unless every step leads to an end."""
    actor = actor_of(request)
    actor.require(policy.REVIEW)
    return facade.save_path(actor, body.contract(slug, new_id()))
