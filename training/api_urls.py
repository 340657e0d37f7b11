"""Addresses of the training room in the API."""

from django.urls import path

from training import api

urlpatterns = [
    path("versions/", api.Versions.as_view(), name="api_versions"),
    path("versions/<uuid:pk>/", api.Version.as_view(), name="api_version"),
    path("runs/", api.Runs.as_view(), name="api_runs"),
    path("runs/<uuid:pk>/", api.Run.as_view(), name="api_run"),
]
