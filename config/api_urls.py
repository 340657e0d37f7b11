"""The REST API, version 1, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("pipeline.api.urls")),
    path("", include("annotate.api.urls")),
    path("", include("training.api.urls")),
    path("", include("evaluation.api.urls")),
]
