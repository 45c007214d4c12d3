from django.urls import include, path
from ninja import NinjaAPI

from jieli.governance.http import router
from jieli.kernel.http import add_problem_handlers

api = NinjaAPI(urls_namespace="governance-tests")
add_problem_handlers(api)
api.add_router("", router)
urlpatterns = [path("api/v1/", api.urls), path("_allauth/", include("allauth.headless.urls"))]
