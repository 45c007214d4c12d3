from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "jieli.knowledge"
    label = "knowledge"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        from jieli.knowledge import audits, doctor, facade, realtime  # noqa: F401 - they register themselves
