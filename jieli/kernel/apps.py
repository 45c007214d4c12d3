from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "jieli.kernel"
    label = "kernel"
    verbose_name = "Kernel"
