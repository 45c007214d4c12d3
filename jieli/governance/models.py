from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from jieli.governance.contracts import Locale
from jieli.kernel import clock
from jieli.kernel.fields import IdField


class Role(models.Model):
    """A named set of permissions; the built-in ones follow policy.py at every start."""

    id = IdField()
    name = models.CharField(max_length=40, unique=True)
    permissions = models.JSONField(default=list)
    built_in = models.BooleanField(default=False)


class Team(models.Model):
    id = IdField()
    name = models.CharField(max_length=80, unique=True)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in to work. `is_superuser` is the emergency account: every permission, no role needed."""

    id = IdField()
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    locale = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Locale], default=Locale.ZH_HANS
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    roles = models.ManyToManyField(Role, related_name="users")
    teams = models.ManyToManyField(Team, related_name="users")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]


class AuditEntry(models.Model):
    """Append-only. `seq`, `prev_hash` and `hash` are given later by the sealer, in one order, without gaps."""

    id = IdField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    seq = models.BigIntegerField(null=True, unique=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="governance_audit_unsealed", condition=models.Q(seq=None)),
            models.Index(fields=["subject_type", "subject"], name="governance_audit_subject"),
            models.Index(fields=["actor"], name="governance_audit_actor"),
        ]


class AuditHead(models.Model):
    """Where the chain ends. `mac` is keyed by the master key, so that cutting off the newest entries shows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64, blank=True)


class Consent(models.Model):
    """One statement of one person; the newest one for a purpose and channel counts, the older ones are its history."""

    id = IdField()
    person = models.UUIDField()
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=80, blank=True)
    granted = models.BooleanField()
    source = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose"], name="governance_consent_of")]
