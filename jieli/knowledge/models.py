from django.db import models

from jieli.kernel.fields import IdField
from jieli.knowledge.contracts import ArticleState, Audience


class Article(models.Model):
    """`latest` is the newest version, `published` the one readers see; what an article says is all in versions."""

    id = IdField()
    slug = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in ArticleState])
    latest = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="knowledge_retired_is_unread",
                condition=~models.Q(state=ArticleState.RETIRED) | models.Q(published=None),
            )
        ]


class ArticleVersion(models.Model):
    """Never changed once another version follows; a draft is overwritten only by its own author's next save."""

    id = IdField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    category = models.CharField(max_length=80, blank=True)
    audience = models.CharField(max_length=8, choices=[(a, a) for a in Audience])
    scope = models.JSONField(default=dict)
    intents = models.JSONField(default=list)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    texts = models.JSONField(default=dict)
    author = models.UUIDField(null=True)
    author_name = models.CharField(max_length=120, blank=True)
    reviewed_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_once")]


class Path(models.Model):
    """A resolution path; `body` holds title, scope, triggers, steps and ends as contracts.Path has them."""

    id = IdField()
    slug = models.CharField(max_length=120, unique=True)
    intents = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class SavedReply(models.Model):
    id = IdField()
    slug = models.CharField(max_length=120, unique=True)
    group = models.JSONField(default=dict)
    title = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    intents = models.JSONField(default=list)
    changed_at = models.DateTimeField()


class Edition(models.Model):
    """A stamp that changes with every change readers could see; indexes in memory are of one stamp."""

    name = models.CharField(max_length=20, primary_key=True)
    stamp = models.UUIDField()
