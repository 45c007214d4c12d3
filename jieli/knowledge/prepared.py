"""Write services for what is prepared beside articles: resolution paths and saved replies."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.ids import new_id
from jieli.knowledge import models, paths, policy, rows, selectors
from jieli.knowledge.contracts import Path, PathId, SavedReply, Words


@transaction.atomic
def save_path(actor: Actor, path: Path) -> Path:
    """Make or replace the path of this slug. Raises `PathBroken` when it cannot be walked to an end."""
    actor.require(policy.REVIEW)
    paths.check(path)
    row, _ = models.Path.objects.select_for_update().get_or_create(
        slug=path.slug, defaults={"version": 0, "changed_at": clock.now()}
    )
    row.version += 1
    _fill(row, path)
    row.save()
    selectors.set_stamp(new_id())
    return rows.path(row)


def _fill(row: models.Path, path: Path) -> None:
    body = rows.plain(path)
    row.intents, row.changed_at = list(path.intents), clock.now()
    row.body = {key: body[key] for key in ("title", "scope", "triggers", "steps", "ends")}


@transaction.atomic
def import_paths(actor: Actor, new: Iterable[Path]) -> dict[str, PathId]:
    """Bring paths in at once; those whose slug is known are left alone. For seeding."""
    actor.require(policy.REVIEW)
    known = dict(models.Path.objects.values_list("slug", "id"))
    made = []
    for path in new:
        if path.slug not in known:
            paths.check(path)
            row = models.Path(slug=path.slug)
            _fill(row, path)
            made.append(row)
            known[path.slug] = row.id
    models.Path.objects.bulk_create(made)
    selectors.set_stamp(new_id())
    return {slug: PathId(key) for slug, key in known.items()}


@transaction.atomic
def save_reply(
    actor: Actor, *, slug: str, group: Words, title: Words, text: Words, intents: Iterable[str] = ()
) -> SavedReply:
    """Make or replace the saved reply of this slug."""
    actor.require(policy.WRITE)
    row, _ = models.SavedReply.objects.update_or_create(
        slug=slug, defaults=_reply(group, title, text, intents)
    )
    return rows.saved_reply(row)


def _reply(group: Words, title: Words, text: Words, intents: Iterable[str]) -> Mapping[str, Any]:
    plain = {"group": rows.plain(group), "title": rows.plain(title), "text": rows.plain(text)}
    return {**plain, "intents": list(intents), "changed_at": clock.now()}


@transaction.atomic
def import_replies(actor: Actor, new: Iterable[tuple[str, Words, Words, Words, tuple[str, ...]]]) -> int:
    """Bring (slug, group, title, text, intents) in at once; known slugs are left alone. For seeding."""
    actor.require(policy.WRITE)
    known = set(models.SavedReply.objects.values_list("slug", flat=True))
    made = [
        models.SavedReply(slug=slug, **_reply(group, title, text, intents))
        for slug, group, title, text, intents in new
        if slug not in known
    ]
    models.SavedReply.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def delete_reply(actor: Actor, slug: str) -> None:
    actor.require(policy.WRITE)
    models.SavedReply.objects.filter(slug=slug).delete()
