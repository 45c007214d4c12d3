from importlib import import_module

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "jieli.live"
    label = "live"
    verbose_name = "Live"

    def ready(self) -> None:
        for part in ("facade", "laws"):
            import_module(f"{self.name}.{part}")
