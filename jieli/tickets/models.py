from django.db import models
from django.db.models import Q

from jieli.kernel.fields import IdField
from jieli.tickets.contracts import Stage


class Ticket(models.Model):
    """Its primary key is its matter's: who has it, what comes next and when stands there."""

    id = IdField()
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True, db_index=True)
    severity = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20, default=Stage.NEW)
    person = models.UUIDField(null=True, db_index=True)
    conversation = models.UUIDField(null=True, db_index=True)
    order_no = models.CharField(max_length=60, blank=True, db_index=True)
    device_serial = models.CharField(max_length=60, blank=True, db_index=True)
    sku = models.CharField(max_length=60, blank=True)
    tags = models.JSONField(default=list)
    checklist = models.JSONField(default=list)
    resolution = models.TextField(blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    worker_kind = models.CharField(max_length=20)
    worker_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stage"], name="tickets_open", condition=~Q(stage="closed"))]
        constraints = [
            models.CheckConstraint(
                name="tickets_severity_1_to_4", condition=Q(severity__gte=1, severity__lte=4)
            )
        ]


class TicketLink(models.Model):
    id = IdField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "ref"], name="tickets_link_once"),
        ]
        indexes = [models.Index(fields=["kind", "ref"], name="tickets_linked_to")]


class TicketComment(models.Model):
    id = IdField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    internal = models.BooleanField(default=False)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()


class TicketHistory(models.Model):
    id = IdField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="history")
    what = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()


class TicketSeries(models.Model):
    """The last number given on a day; its row's lock makes numbers unique and gapless."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
