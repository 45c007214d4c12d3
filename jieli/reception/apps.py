from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "jieli.reception"
    label = "reception"

    def ready(self) -> None:
        from jieli.reception import audits, calls, getting_back, promising, realtime, tasks  # noqa: F401 - they register themselves
