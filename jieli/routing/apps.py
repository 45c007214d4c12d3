from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "jieli.routing"
    label = "routing"

    def ready(self) -> None:
        from jieli.routing import audits, realtime, tasks  # noqa: F401 - they register themselves
