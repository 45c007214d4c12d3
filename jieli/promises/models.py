from django.db import models
from django.db.models import F, Q

from jieli.kernel.fields import IdField
from jieli.promises.contracts import MadeBy, PromiseKind, PromiseState, Step

_KINDS = [(one.value, one.value) for one in PromiseKind]
_MAKERS = [(one.value, one.value) for one in MadeBy]
_STATES = [(one.value, one.value) for one in PromiseState]
_STEPS = [(one.value, one.value) for one in Step]


class Promise(models.Model):
    """A line of the ledger. Other modules' rows are named by id; `once` makes recording repeatable; `told` is `what` as
    a code and what stands in it, where Jieli itself said it."""

    id = IdField()
    person = models.UUIDField()
    what = models.CharField(max_length=500)
    told = models.JSONField(null=True)
    kind = models.CharField(max_length=12, choices=_KINDS)
    made_by = models.CharField(max_length=8, choices=_MAKERS)
    made_by_id = models.CharField(max_length=120, blank=True)
    conversation = models.UUIDField(null=True, db_index=True)
    order = models.CharField(max_length=120, blank=True, db_index=True)
    session = models.UUIDField(null=True)
    matter = models.UUIDField(null=True, db_index=True)
    evidence = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=_STATES, default=PromiseState.OPEN.value)
    settled_at = models.DateTimeField(null=True)
    compensation = models.CharField(max_length=500, blank=True)
    once = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULL is "may repeat"

    class Meta:
        indexes = [
            models.Index(fields=["person", "state", "due_at"], name="promises_of_person"),
            models.Index(fields=["due_at"], name="promises_open_due", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("made_at")), name="promises_due_after_made"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="promises_settled_when_not_open",
            ),
        ]


class PromiseStep(models.Model):
    """The history of one promise, never changed."""

    id = IdField()
    promise = models.ForeignKey(Promise, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12, choices=_STEPS)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    evidence = models.JSONField(default=dict)
    due_at = models.DateTimeField()
