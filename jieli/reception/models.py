from django.db import models
from django.db.models import Q

from jieli.kernel.fields import IdField


class Call(models.Model):
    """One telephone call as the exchange told of it. `name` is the exchange's own word for it, `caller` is masked."""

    id = IdField()
    channel = models.UUIDField()
    name = models.CharField(max_length=200)
    inbox = models.UUIDField()
    conversation = models.UUIDField()
    person = models.UUIDField()
    caller = models.CharField(max_length=120, blank=True)
    extension = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10)
    rang_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="reception_call_once")]
        indexes = [
            models.Index(fields=["inbox"], name="reception_call_of_inbox"),
            models.Index(fields=["rang_at"], name="reception_call_ringing", condition=Q(state="ringing")),
        ]
