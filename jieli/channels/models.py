from django.db import models
from django.db.models import Q

from jieli.channels.contracts import LANES, DeliveryState, MessageType, SentBy
from jieli.kernel.fields import IdField, SealedField

UNFINISHED = (DeliveryState.QUEUED, DeliveryState.SENDING)


class Channel(models.Model):
    id = IdField()
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=80, unique=True)
    namespace = models.CharField(max_length=80)
    settings = SealedField()
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Inbox(models.Model):
    """Every inbound message, durable before the platform is answered. Who wrote is a blind index, what is sealed.

    `lane` (0–63) keeps one sender's messages with one worker; within a lane ids give the order of arrival.
    """

    id = IdField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    dedupe_key = models.CharField(max_length=200)
    sender_index = models.CharField(max_length=64)
    lane = models.SmallIntegerField()
    payload = models.TextField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "dedupe_key"], name="channels_inbox_once"),
            models.CheckConstraint(condition=Q(lane__gte=0, lane__lt=LANES), name="channels_inbox_lane"),
        ]
        indexes = [
            models.Index(
                fields=["lane", "id"],
                name="channels_inbox_pending",
                condition=Q(handled_at=None, dead_at=None),
            ),
            models.Index(fields=["channel", "received_at"], name="channels_inbox_recent"),
        ]


class Contact(models.Model):
    """One address of one person on one channel, and what may be written to it.

    `windows` holds at most one open window per kind: {kind, opens_at, closes_at, limit, used}.
    """

    id = IdField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender_index = models.CharField(max_length=64)
    sender_key = SealedField()
    person = models.UUIDField(db_index=True)
    windows = models.JSONField(default=list)
    window_closes_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True)
    muted_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "sender_index"], name="channels_contact_once")
        ]


class Outgoing(models.Model):
    """One message to a customer, with the gate's verdict on it. `seq` counts per contact; sends keep that order.

    `due_at`: when the next try may begin; whoever tries moves it ahead, and so claims the message until then.
    """

    id = IdField()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_contact = models.UUIDField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.UUIDField(db_index=True)
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=12, choices=[(t, t) for t in MessageType])
    text = SealedField()
    media = models.JSONField(null=True)
    by = models.CharField(max_length=8, choices=[(b, b) for b in SentBy])
    reply_to_event = models.CharField(max_length=64, blank=True)
    fallback = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=[(s, s) for s in DeliveryState])
    verdict = models.CharField(max_length=40)
    rules = models.CharField(max_length=40)
    window = models.JSONField(null=True)
    words = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    platform_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "seq"], name="channels_outgoing_order")]
        indexes = [
            models.Index(
                fields=["contact", "seq"],
                name="channels_outgoing_open",
                condition=Q(state__in=[s.value for s in UNFINISHED]),
            ),
            models.Index(
                fields=["contact", "seq"],
                name="channels_outgoing_held",
                condition=Q(state=DeliveryState.HELD.value),
            ),
            models.Index(fields=["channel", "created_at"], name="channels_outgoing_recent"),
        ]


class SensitiveWord(models.Model):
    class Severity(models.TextChoices):
        BLOCK = "block"
        WARN = "warn"

    id = IdField()
    word = models.CharField(max_length=60, unique=True)
    severity = models.CharField(max_length=5, choices=Severity, default=Severity.BLOCK)
    note = models.CharField(max_length=200, blank=True)


class AccessToken(models.Model):
    """A platform's access token, shared by all processes; renewed by whoever holds its lease."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, primary_key=True, related_name="+")
    token = SealedField()
    expires_at = models.DateTimeField()
