from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "jieli.identity"
    label = "identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        from jieli.identity import audits  # noqa: F401 - imported to be registered
