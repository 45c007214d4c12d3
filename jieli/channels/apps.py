from importlib import import_module

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "jieli.channels"
    label = "channels"
    verbose_name = "Channels"

    def ready(self) -> None:
        for part in ("tasks", "audits", "examinations"):
            import_module(f"jieli.channels.{part}")
