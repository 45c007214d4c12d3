from django.db import models
from django.db.models import Q

from jieli.kernel.fields import IdField


class Event(models.Model):
    """One thing that happened, written in the transaction that made it happen.

    `position` is given by the publisher after commit: gapless, in one order for every reader, so that a screen
    can say "everything after 4711" and lose nothing.
    """

    seq = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField(null=True, unique=True)
    name = models.CharField(max_length=80)
    subject = models.UUIDField(null=True)
    topics = models.JSONField(default=list)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seq"], name="kernel_event_waiting", condition=Q(position=None))]


class Job(models.Model):
    """Work to be done after commit, at least once. A finished job is deleted; a dead one stays to be looked at."""

    class State(models.TextChoices):
        READY = "ready"
        DEAD = "dead"

    id = IdField()
    queue = models.CharField(max_length=40)
    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULL is "may repeat"
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["queue", "run_at"], name="kernel_job_ready", condition=Q(state="ready"))
        ]


class Deadline(models.Model):
    """A due time that survives restarts. One row per (kind, subject); setting it again moves it."""

    id = IdField()
    kind = models.CharField(max_length=60)
    subject = models.UUIDField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="kernel_deadline_once")]


class Decision(models.Model):
    """What was decided automatically, from what, why, and by which version."""

    id = IdField()
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    outcome = models.CharField(max_length=80)
    decider = models.CharField(max_length=120)
    inputs = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "kind"], name="kernel_decision_of")]


class Lease(models.Model):
    name = models.CharField(max_length=80, primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()


class Counter(models.Model):
    """A running count of something that is not a row, such as refused requests."""

    name = models.CharField(max_length=120, primary_key=True)
    value = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()


class IdempotencyKey(models.Model):
    """The answer that a write once gave, so that a repeated request gets the same one."""

    id = IdField()
    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="kernel_idempotency_once")]
