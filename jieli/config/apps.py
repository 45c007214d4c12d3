from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "jieli.config"
    label = "config"

    def ready(self) -> None:
        from jieli.config import examinations  # noqa: F401 - registers itself
