from django.apps import AppConfig


class BotConfig(AppConfig):
    name = "jieli.bot"
    label = "bot"
    verbose_name = "Bot"

    def ready(self) -> None:
        from jieli.bot import doctor  # noqa: F401 - it registers itself
