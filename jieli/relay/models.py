from django.db import models
from django.db.models import F, Q

from jieli.kernel.fields import IdField
from jieli.relay.contracts import HandoverState, SlaState


class Matter(models.Model):
    """Everything somebody waits for. The database refuses an open one without holder, next step and due time."""

    id = IdField()
    kind = models.CharField(max_length=20)
    person = models.UUIDField(null=True, db_index=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, default="open")
    severity = models.PositiveSmallIntegerField(null=True)
    holder_kind = models.CharField(max_length=20)
    holder_id = models.CharField(max_length=64, blank=True)
    next_step = models.CharField(max_length=60)
    next_note = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    line = models.CharField(max_length=60, default="default")
    line_step = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relay_open_matter_complete",
                condition=Q(state="closed")
                | (Q(state="open", due_at__isnull=False) & ~Q(holder_kind="") & ~Q(next_step="")),
            ),
            models.CheckConstraint(
                name="relay_closed_matter_has_outcome",
                condition=Q(state="open", closed_at__isnull=True)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="relay_severity_1_to_4",
                condition=Q(severity__isnull=True) | Q(severity__gte=1, severity__lte=4),
            ),
        ]
        indexes = [
            models.Index(fields=["holder_kind", "holder_id"], name="relay_held", condition=Q(state="open")),
            models.Index(fields=["due_at"], name="relay_due", condition=Q(state="open")),
        ]


class Handover(models.Model):
    """One holding of the baton. The rows of a matter tile its life: who held it for how long is read from them."""

    id = IdField()
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="handovers")
    from_kind = models.CharField(max_length=20, blank=True)
    from_id = models.CharField(max_length=64, blank=True)
    to_kind = models.CharField(max_length=20)
    to_id = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200, blank=True)
    baton = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    accept_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=HandoverState.ACCEPTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], name="relay_one_holder", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="relay_handover_forwards", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("at"))
            ),
        ]


class EscalationLine(models.Model):
    """A line that operations changed; lines nobody changed are those of `policy.LINES`."""

    code = models.CharField(max_length=60, primary_key=True)
    steps = models.JSONField(default=list)


class Calendar(models.Model):
    """`weekly`: seven lists of [“09:00”, “18:00”] from Monday; `holidays`: “cn” or nothing."""

    code = models.CharField(max_length=60, primary_key=True)
    zone = models.CharField(max_length=60, default="Asia/Shanghai")
    weekly = models.JSONField(default=list)
    holidays = models.CharField(max_length=10, blank=True)


class CalendarDay(models.Model):
    """A day that differs from its calendar's week and holidays; no hours means closed."""

    calendar = models.CharField(max_length=60)
    day = models.DateField()
    hours = models.JSONField(default=list)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="relay_calendar_day_once")]


class SlaPolicy(models.Model):
    """A target that operations changed; the others are those of `policy.SLA`."""

    kind = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=10)
    seconds = models.PositiveIntegerField()
    calendar = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "severity", "metric"], name="relay_sla_policy_once")
        ]


class SlaClock(models.Model):
    """`used_s` is working time up to `running_since`; while paused `running_since` and `due_at` are NULL."""

    id = IdField()
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="clocks")
    metric = models.CharField(max_length=10)
    calendar = models.CharField(max_length=60)
    target_s = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=SlaState.RUNNING)
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    used_s = models.FloatField(default=0)
    due_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "metric"], name="relay_clock_once")]
