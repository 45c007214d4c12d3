from django.db import models

from jieli.kernel.fields import IdField, SealedField
from jieli.supply.contracts import FactKind
from jieli.supply.sources.demo.models import DemoRecord

__all__ = ["DemoRecord", "FactOwner", "FactRow", "Question", "SourceHealth", "SupplySource"]

KINDS = [(kind.value, kind.value) for kind in FactKind]


class SupplySource(models.Model):
    """A configured source; `settings` is JSON, sealed because it holds secrets."""

    id = IdField()
    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120, blank=True)
    kinds = models.JSONField(default=list)
    settings = SealedField(blank=True)
    enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class SourceHealth(models.Model):
    """How a source was doing when this was last written: at every change of its circuit, and now and then."""

    source = models.OneToOneField(SupplySource, models.CASCADE, primary_key=True, related_name="health")
    last_ok_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    latency_ms = models.PositiveIntegerField(null=True)
    open_until = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)


class FactRow(models.Model):
    """The newest known value of one fact from one source. `order` is the order it is part of, if any."""

    id = IdField()
    kind = models.CharField(max_length=12, choices=KINDS)
    key = models.CharField(max_length=120)
    source = models.CharField(max_length=60)
    order = models.CharField(max_length=120, blank=True)
    person = models.UUIDField(null=True)
    value = models.JSONField()
    private = SealedField(blank=True)
    as_of = models.DateTimeField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "source"], name="supply_fact_once")]
        indexes = [
            models.Index(fields=["person", "kind"], name="supply_fact_person"),
            models.Index(fields=["order", "kind"], name="supply_fact_order"),
        ]


class FactOwner(models.Model):
    """Whom a fact belongs to, by the keyed hash of a phone, account, e-mail, unionid or openid."""

    id = models.BigAutoField(primary_key=True)
    fact = models.ForeignKey(FactRow, models.CASCADE, related_name="owners")
    kind = models.CharField(max_length=24)
    blind = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "blind"], name="supply_owner_once")]


class Question(models.Model):
    """When a source last answered a question, so that “there is nothing” is remembered like any other answer."""

    id = IdField()
    source = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="supply_question_once")]
