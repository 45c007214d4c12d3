from importlib import import_module

from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "jieli.supply"
    label = "supply"
    verbose_name = "Supply"

    def ready(self) -> None:
        for part in ("facade", "tasks", "laws", "doctor", "projections"):
            import_module(f"{self.name}.{part}")
