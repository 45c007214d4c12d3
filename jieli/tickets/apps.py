from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "jieli.tickets"
    label = "tickets"
    verbose_name = "Tickets"

    def ready(self) -> None:
        from jieli.tickets import facade, tasks  # noqa: F401 - what they declare is registered by importing them
