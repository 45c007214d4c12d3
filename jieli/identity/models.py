from django.db import models
from django.db.models import Q

from jieli.identity.contracts import ConflictState, IdentityKind, Tier
from jieli.kernel.fields import IdField, SealedField

_KINDS = [(one.value, one.value) for one in IdentityKind]


class Person(models.Model):
    """Merging never moves keys: the absorbed person points to its survivor and everybody of a family to its `root`
    (a person that stands alone is its own root). Undoing a merge therefore restores it exactly."""

    id = IdField()
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="family")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="absorbed")
    name = SealedField(blank=True)
    tier = models.CharField(max_length=20, choices=[(t.value, t.value) for t in Tier], default=Tier.NORMAL)
    locale = models.CharField(max_length=10, default="zh-hans")
    tags = models.JSONField(default=list)
    traits = models.JSONField(default=dict)
    created_at = models.DateTimeField()


class NameIndex(models.Model):
    """Blind indexes of a person's name and of its beginnings, so that a sealed name can be found."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    blind = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blind", "person"], name="identity_name_once"),
        ]


class Identity(models.Model):
    """A key and whose it is. A strong key in use belongs to one person; a weak one may be noted with many."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=20, choices=_KINDS)
    namespace = models.CharField(max_length=120, blank=True)
    value = SealedField()
    blind = models.CharField(max_length=64)
    strong = models.BooleanField()
    verified = models.BooleanField(default=False)
    weakness = models.CharField(max_length=40, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "namespace", "blind"],
                condition=Q(strong=True, ended_at=None),
                name="identity_strong_once",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "namespace", "blind"],
                condition=Q(strong=False, ended_at=None),
                name="identity_weak_once",
            ),
        ]
        indexes = [models.Index(fields=["blind"], name="identity_by_blind")]


class Evidence(models.Model):
    """Why a key stands with a person: which contact or whose decision put it there. Append-only."""

    id = IdField()
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="evidence")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    why = models.CharField(max_length=80)
    at = models.DateTimeField()


class Merge(models.Model):
    """`identities` are the keys that the absorbed person held then. `decision` is the trace of an automatic merge."""

    id = IdField()
    survivor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    identities = models.JSONField(default=list)
    automatic = models.BooleanField()
    decision = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    why = models.CharField(max_length=400)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="identity_absorbed_once"
            )
        ]


class Conflict(models.Model):
    """A key that points to two persons, or a decision that two stay apart. `left` is whom the contact came from;
    `once` (policy.conflict_once) keeps the same conflict from being raised twice."""

    id = IdField()
    left = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=_KINDS)
    namespace = models.CharField(max_length=120, blank=True)
    value = SealedField(blank=True)
    blind = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=ConflictState.OPEN)
    once = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="identity_conflict_queue")]


class Reveal(models.Model):
    """Somebody was shown one hidden value, with a reason, for minutes."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=60)
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by", "until"], name="identity_reveal_live")]


class JourneyEntry(models.Model):
    """One step of a person's way over all channels. Append-only; `person` is whoever it happened to then."""

    id = IdField()
    person = models.UUIDField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    ref = models.CharField(max_length=120, blank=True)
    module = models.CharField(max_length=40)
    once = models.CharField(max_length=120, null=True)  # noqa: DJ001 - NULL is "may repeat"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "once"], name="identity_journey_once")]
        indexes = [models.Index(fields=["person", "at"], name="identity_journey_of")]
