from django.apps import AppConfig


class RelayConfig(AppConfig):
    name = "jieli.relay"
    label = "relay"
    verbose_name = "Relay"

    def ready(self) -> None:
        from jieli.relay import facade, tasks  # noqa: F401 - what they declare is registered by importing them
