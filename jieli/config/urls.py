from django.urls import include, path
from django.views.generic import RedirectView

from jieli.config.api import api

urlpatterns = [
    path("", RedirectView.as_view(url="/desk/")),
    path("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
]
