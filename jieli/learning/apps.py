from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "jieli.learning"
    label = "learning"
    verbose_name = "Learning from use"

    def ready(self) -> None:
        from jieli.learning import facade, tasks  # noqa: F401 - what they declare is registered by importing them
