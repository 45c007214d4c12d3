from django.db import models
from django.db.models import Q

from jieli.kernel.fields import IdField


class Conversation(models.Model):
    """The talk of one person over all channels, from first contact to close. Holder, next step and due time stand
    on the matter that shares its id; a person has one open conversation at most. `memory` is what the bot keeps of
    the talk, opaque here."""

    matter = models.OneToOneField(
        "relay.Matter", primary_key=True, on_delete=models.PROTECT, related_name="+", db_column="id"
    )
    person = models.UUIDField(db_index=True)
    open = models.BooleanField(default=True)
    contact = models.UUIDField()
    channel = models.UUIDField()
    queue = models.CharField(max_length=40, blank=True)
    assignee = models.UUIDField(null=True)
    intent = models.CharField(max_length=40, blank=True)
    emotion = models.CharField(max_length=20, blank=True)
    priority = models.SmallIntegerField(default=0)
    last_line = models.CharField(max_length=200, blank=True)
    last_by = models.CharField(max_length=10, blank=True)
    last_at = models.DateTimeField()
    last_customer_at = models.DateTimeField(null=True)
    last_agent_at = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    recent = models.JSONField(default=list)
    memory = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    snoozed_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    wrap_up = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(open=True), name="conversation_one_open_each"
            )
        ]
        indexes = [
            models.Index(fields=["assignee"], name="conversation_mine", condition=Q(open=True)),
            models.Index(fields=["last_at"], name="conversation_recent", condition=Q(open=True)),
        ]


class Message(models.Model):
    """One line of the thread. `seq` counts without gaps within the conversation, in the order of handling."""

    id = IdField()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    seq = models.PositiveIntegerField()
    direction = models.CharField(max_length=6)
    author_kind = models.CharField(max_length=10)
    author = models.UUIDField(null=True)
    channel = models.UUIDField(null=True)
    contact = models.UUIDField(null=True)
    type = models.CharField(max_length=40, default="text")
    text = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    sources = models.JSONField(default=list)
    decision = models.UUIDField(null=True)
    inbox = models.UUIDField(null=True, unique=True)
    outgoing = models.UUIDField(null=True, unique=True)
    delivery = models.CharField(max_length=12, blank=True)
    delivery_reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "seq"], name="message_in_order")]
