"""The one REST API: every module's router, and every capability that names an address."""

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI, Router

import jieli
from jieli.kernel import capabilities
from jieli.kernel.http import Problem, add_problem_handlers


def build() -> NinjaAPI:
    made = NinjaAPI(title="Jieli", version=jieli.__version__, urls_namespace="api", docs_url=None)
    add_problem_handlers(made)
    for app in apps.get_app_configs():
        if app.name.startswith("jieli.") and app.module and module_has_submodule(app.module, "http"):
            http = import_module(f"{app.name}.http")
            if router := getattr(http, "router", None):
                made.add_router("", router, tags=[app.label])
    doors = Router(tags=["capabilities"])
    capabilities.mount(doors)
    made.add_router("", doors)
    return made


api = build()
__all__ = ["Problem", "api"]
