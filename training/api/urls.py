"""Addresses of the training room in the API."""

from django.urls import path

from training.api import versions

urlpatterns = [
    path("versions/", versions.Versions.as_view(), name="api_versions"),
    path("versions/<uuid:pk>/", versions.Version.as_view(), name="api_version"),
    path("runs/", versions.Runs.as_view(), name="api_runs"),
    path("runs/<uuid:pk>/", versions.Run.as_view(), name="api_run"),
]
