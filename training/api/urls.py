"""Addresses of the training room in the API."""

from django.urls import path

from training.api import runs, versions

urlpatterns = [
    path("versions/", versions.Versions.as_view(), name="api_versions"),
    path("versions/<uuid:pk>/", versions.Version.as_view(), name="api_version"),
    path("runs/", runs.Runs.as_view(), name="api_runs"),
    path("versions/<uuid:pk>/evaluations/", runs.Evaluations.as_view(), name="api_evaluations"),
    path("runs/<uuid:pk>/cancel/", runs.CancelRun.as_view(), name="api_run_cancel"),
    path("runs/<uuid:pk>/curves/", runs.Curves.as_view(), name="api_run_curves"),
    path("snapshots/", runs.Snapshots.as_view(), name="api_snapshots"),
    path("snapshots/<uuid:pk>/", runs.Snapshot.as_view(), name="api_snapshot"),
    path("runs/<uuid:pk>/", versions.Run.as_view(), name="api_run"),
]
