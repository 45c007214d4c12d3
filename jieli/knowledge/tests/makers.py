from uuid import uuid4

from jieli.kernel.actor import Actor, ActorKind
from jieli.knowledge.contracts import NewArticle, Text


def actor(*permissions: str) -> Actor:
    return Actor(
        kind=ActorKind.HUMAN,
        id=uuid4(),
        name="林知",
        permissions=frozenset(f"knowledge.{p}" for p in permissions),
    )


def article(slug: str, title: str, body: str, *questions: str, **more: object) -> NewArticle:
    return NewArticle(slug=slug, texts={"zh": Text(title, body, questions)}, **more)  # type: ignore[arg-type]
