"""Addresses of the training room."""

from django.urls import path

from training import views

urlpatterns = [
    path("snapshots/", views.snapshots, name="snapshots"),
    path("snapshots/freeze/", views.snapshot_freeze, name="snapshot_freeze"),
    path("snapshots/<uuid:snapshot_id>/", views.snapshot_page, name="snapshot"),
    path("items/<int:item_id>/thumbnail/", views.item_thumbnail, name="snapshot_thumbnail"),
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.run_new, name="run_new"),
    path("runs/<uuid:run_id>/", views.run_page, name="run"),
    path("runs/<uuid:run_id>/cancel/", views.run_cancel, name="run_cancel"),
    path("runs/<uuid:run_id>/resume/", views.run_resume, name="run_resume"),
    path("runs/<uuid:run_id>/samples/<str:name>", views.run_sample, name="run_sample"),
    path("models/", views.versions, name="versions"),
    path("models/<uuid:version_id>/", views.version_page, name="version"),
    path("models/<uuid:version_id>/check/", views.version_check, name="version_check"),
    path("models/<uuid:version_id>/promote/", views.version_promote, name="version_promote"),
    path("models/<uuid:version_id>/weights/", views.version_weights, name="version_weights"),
    path("pictures/<int:picture_id>/<str:side>.png", views.picture, name="version_picture"),
    path("production/", views.production, name="production"),
    path("production/<str:stage>/back/", views.rollback, name="production_rollback"),
]
