from django.db import models
from django.db.models import Q

from jieli.kernel.fields import IdField, SealedField
from jieli.learning.contracts import CandidateState, CorrectionState


class Correction(models.Model):
    """What one agent said of one message: the newest word counts. `text`, `context` (the turns before it, what was
    expected, what was open: JSON) and the notes are what customers and colleagues wrote, so they lie sealed."""

    id = IdField()
    message = models.ForeignKey("conversations.Message", on_delete=models.PROTECT, related_name="+")
    conversation = models.UUIDField(db_index=True)
    decision = models.UUIDField()
    brand = models.CharField(max_length=40, blank=True)
    text = SealedField()
    context = SealedField()
    said_at = models.DateTimeField()
    model_version = models.CharField(max_length=80)
    found_intent = models.CharField(max_length=40)
    found_emotion = models.CharField(max_length=20)
    found_confidence = models.FloatField(null=True)
    intent = models.CharField(max_length=40, blank=True)
    emotion = models.CharField(max_length=20, blank=True)
    intent_right = models.BooleanField(null=True)
    emotion_right = models.BooleanField(null=True)
    note = SealedField(blank=True)
    agent = models.UUIDField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default=CorrectionState.WAITING)
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_note = SealedField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "agent"], name="learning_one_word_each"),
        ]
        indexes = [
            models.Index(fields=["state", "brand"], name="learning_to_review"),
            models.Index(
                fields=["model_version", "-at"],
                name="learning_judged",
                condition=Q(intent_right__isnull=False),
            ),
        ]


class Candidate(models.Model):
    """A model somebody asked for. `token` is the try that trains it now; whoever has another one is too late."""

    id = IdField()
    brand = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default=CandidateState.WAITING)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    began_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    version = models.CharField(max_length=80, blank=True, db_index=True)
    header = models.JSONField(default=dict)
    corrections = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    shadow_since = models.DateTimeField(null=True)
    shadow_seen = models.UUIDField(null=True)
    shadow_read = models.PositiveIntegerField(default=0)
    shadow_differing = models.PositiveIntegerField(default=0)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand"],
                condition=Q(state__in=["waiting", "training"]),
                name="learning_one_asked_for",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="shadow"), name="learning_one_shadow"
            ),
        ]


class ModelFile(models.Model):
    """The bytes of a trained model, from which every machine writes its own copy."""

    candidate = models.OneToOneField(
        Candidate, primary_key=True, on_delete=models.PROTECT, related_name="file"
    )
    content = models.BinaryField()


class LiveModel(models.Model):
    """The one row (or none) that says which model answers; without a candidate it is the shipped one. Processes look
    at `stamp`, which is new with every change."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")
    stamp = models.UUIDField()
    at = models.DateTimeField()


class Promotion(models.Model):
    """One change of the live model. `by` is empty where the watch did it."""

    id = IdField()
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    before = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")
    before_version = models.CharField(max_length=80)
    after_version = models.CharField(max_length=80)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=200)
    accuracy = models.FloatField(null=True)


class ShadowCount(models.Model):
    """How often the live model found one thing (`kind`: intent or emotion) where the candidate found another."""

    id = IdField()
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="shadow_counts")
    kind = models.CharField(max_length=10)
    live = models.CharField(max_length=40)
    found = models.CharField(max_length=40)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "kind", "live", "found"], name="learning_shadow_pair"
            )
        ]


class ShadowDifference(models.Model):
    """A turn that live model and candidate understood differently; only the newest are kept."""

    id = IdField()
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="shadow_differences")
    message = models.UUIDField()
    text = SealedField()
    live_intent = models.CharField(max_length=40)
    live_confidence = models.FloatField()
    live_emotion = models.CharField(max_length=20)
    found_intent = models.CharField(max_length=40)
    found_confidence = models.FloatField()
    found_emotion = models.CharField(max_length=20)
    at = models.DateTimeField()
