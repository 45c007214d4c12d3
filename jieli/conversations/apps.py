from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "jieli.conversations"
    label = "conversations"

    def ready(self) -> None:
        from jieli.conversations import audits, citations, realtime, tasks  # noqa: F401 - they register themselves
