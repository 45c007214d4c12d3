from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "jieli.governance"
    label = "governance"
    verbose_name = "Governance"

    def ready(self) -> None:
        from jieli.governance import audits, doctor, tasks  # noqa: F401 - imported to be registered

        post_migrate.connect(_bring_roles_up_to_date, sender=self)


def _bring_roles_up_to_date(**_: Any) -> None:
    from jieli.governance import services

    services.ensure_roles()
