from django.db import models
from django.db.models import F, Q

from jieli.kernel.fields import IdField
from jieli.live.contracts import DueAfter, PromiseKind

_KINDS = [(kind.value, kind.value) for kind in PromiseKind]
_AFTER = [(after.value, after.value) for after in DueAfter]


class Room(models.Model):
    id = IdField()
    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    host = models.CharField(max_length=80)


class Session(models.Model):
    """Whether it is on air follows from the clock, so no column says it."""

    id = IdField()
    key = models.CharField(max_length=80, unique=True)
    room = models.ForeignKey(Room, models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="live_session_has_length")
        ]


class SessionItem(models.Model):
    id = IdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="items")
    sku = models.CharField(max_length=120, db_index=True)
    position = models.PositiveIntegerField()
    on_air_from = models.DateTimeField(null=True)
    on_air_to = models.DateTimeField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    script = models.TextField(blank=True)
    names = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "sku"], name="live_item_once")]


class HostPromise(models.Model):
    id = IdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="promises")
    key = models.CharField(max_length=80)
    sku = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=_KINDS)
    words = models.TextField()
    said_at = models.DateTimeField()
    conditions = models.TextField(blank=True)
    due_after = models.CharField(max_length=12, choices=_AFTER)
    due_within_h = models.PositiveIntegerField()
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="live_promise_once")]
