from importlib import import_module

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "jieli.promises"
    label = "promises"
    verbose_name = "Promises"

    def ready(self) -> None:
        for part in ("facade", "services", "laws", "projections"):
            import_module(f"{self.name}.{part}")
