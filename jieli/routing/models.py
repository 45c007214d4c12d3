from django.db import models

from jieli.kernel.fields import IdField


class Queue(models.Model):
    """Where conversations wait for a person with one skill. `target_s`: an answer is due within this."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    skill = models.CharField(max_length=40, blank=True)
    target_s = models.PositiveIntegerField(default=180)
    line = models.CharField(max_length=40, default="default")
    handle_s = models.FloatField(default=0)


class Seat(models.Model):
    """An agent at work: presence, skills and how many conversations fit."""

    agent = models.UUIDField(primary_key=True)
    presence = models.CharField(max_length=10, default="offline")
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    idle_since = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField(default=5)
    skills = models.JSONField(default=list)


class PresenceSpell(models.Model):
    """How long an agent was in a state; the status log is counted from these rows."""

    id = IdField()
    agent = models.UUIDField(db_index=True)
    presence = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class QueueEntry(models.Model):
    """A conversation that waits. Its place follows from `rank_at` alone (policy.py)."""

    conversation = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="entries")
    entered_at = models.DateTimeField()
    rank_at = models.DateTimeField()
    not_agents = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["queue", "rank_at"], name="routing_queue_order")]
