from django.urls import path
from ninja import NinjaAPI

from jieli.identity.http import router
from jieli.kernel.http import add_problem_handlers

api = NinjaAPI(urls_namespace="identity-tests")
add_problem_handlers(api)
api.add_router("", router)
urlpatterns = [path("api/v1/", api.urls)]
