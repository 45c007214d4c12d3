"""Articles, resolution paths and saved replies, published as reviewed."""

from jieli.demo.brand.contracts import (
    Article,
    Choice,
    DemoBrand,
    PathEnd,
    PathStep,
    ResolutionPath,
    Scope,
    ScopeKind,
)
from jieli.demo.brand.contracts import Words as Said
from jieli.kernel.actor import SYSTEM
from jieli.kernel.ids import new_id
from jieli.knowledge import contracts as shapes
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import NewArticle, PathId, Text, Words


def load(brand: DemoBrand) -> None:
    knowledge.import_articles(SYSTEM, [_article(one, brand) for one in brand.articles])
    knowledge.import_paths(SYSTEM, [_path(one, brand) for one in brand.paths])
    knowledge.import_replies(
        SYSTEM,
        [
            (one.key, _words(one.group), _words(one.title), _words(one.text), one.intents)
            for one in brand.saved_replies
        ],
    )


def _article(one: Article, brand: DemoBrand) -> NewArticle:
    return NewArticle(
        slug=one.key,
        category=one.intents[0],
        audience=shapes.Audience(one.audience.value),
        scope=_scope(one.scope, brand),
        intents=one.intents,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        texts={
            "zh": Text(one.title.zh, one.body.zh, one.questions),
            "en": Text(one.title.en, one.body.en),
        },
    )


def _scope(one: Scope, brand: DemoBrand) -> shapes.Scope:
    """A line counts as a category: product facts name both. A product stands for its SKUs."""
    match one.kind:
        case ScopeKind.BRAND:
            return shapes.EVERYWHERE
        case ScopeKind.LINE | ScopeKind.CATEGORY:
            return shapes.Scope(categories=(one.key,))
        case ScopeKind.PRODUCT:
            return shapes.Scope(skus=tuple(sku.code for sku in brand.skus if sku.product == one.key))
        case ScopeKind.SKU:
            return shapes.Scope(skus=(one.key,))


def _path(one: ResolutionPath, brand: DemoBrand) -> shapes.Path:
    return shapes.Path(
        id=PathId(new_id()),
        slug=one.key,
        title=_words(one.title),
        intents=one.intents,
        scope=_scope(one.scope, brand),
        triggers=one.triggers,
        steps=tuple(map(_step, one.steps)),
        ends={key: _end(end) for key, end in one.ends},
    )


def _step(one: PathStep) -> shapes.Step:
    return shapes.Step(one.key, _words(one.guide), _words(one.question), tuple(map(_choice, one.choices)))


def _choice(one: Choice) -> shapes.Choice:
    return shapes.Choice(label=_words(one.label), step=one.next_step, end=one.end)


def _end(one: PathEnd) -> shapes.PathEnd:
    return shapes.PathEnd(shapes.EndKind(one.kind.value), one.target, _words(one.text))


def _words(one: Said) -> Words:
    return Words(one.zh, one.en)
