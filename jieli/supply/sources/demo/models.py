from django.db import models

from jieli.kernel.fields import IdField, SealedField


class DemoRecord(models.Model):
    """A row of the demo's mini ERP. Whom it belongs to: a person, or the keyed hash of a phone or an account."""

    id = IdField()
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120)
    order = models.CharField(max_length=120, blank=True)
    person = models.UUIDField(null=True)
    owner = models.CharField(max_length=64, blank=True)
    value = models.JSONField()
    private = SealedField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="supply_demo_once")]
        indexes = [
            models.Index(fields=["person", "kind"], name="supply_demo_person"),
            models.Index(fields=["owner", "kind"], name="supply_demo_owner"),
            models.Index(fields=["order", "kind"], name="supply_demo_order"),
        ]
