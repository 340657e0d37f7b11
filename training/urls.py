"""Addresses of the training room."""

from django.urls import path

from training.views import (
    comparing,
    downloads,
    found_runs,
    imports,
    judging,
    run_list,
    runs,
    snapshots,
    versions,
)

urlpatterns = [
    path("snapshots/", snapshots.snapshots, name="snapshots"),
    path("snapshots/freeze/", snapshots.snapshot_freeze, name="snapshot_freeze"),
    path("snapshots/<uuid:snapshot_id>/", snapshots.snapshot_page, name="snapshot"),
    path("items/<int:item_id>/thumbnail/", snapshots.item_thumbnail, name="snapshot_thumbnail"),
    path("runs/", run_list.runs, name="runs"),
    path("runs/compare/", comparing.runs_compare, name="runs_compare"),
    path("runs/new/", runs.run_new, name="run_new"),
    path("runs/check/", runs.run_check, name="run_check"),
    path("runs/found/", found_runs.runs_found, name="runs_found"),
    path("runs/<uuid:run_id>/", runs.run_page, name="run"),
    path("runs/<uuid:run_id>/cancel/", runs.run_cancel, name="run_cancel"),
    path("runs/<uuid:run_id>/resume/", runs.run_resume, name="run_resume"),
    path("runs/<uuid:run_id>/curves.csv", comparing.run_curves_csv, name="run_curves_csv"),
    path("runs/<uuid:run_id>/curves.tfevents", comparing.run_curves_events, name="run_events"),
    path("runs/<uuid:run_id>/samples/<str:name>", runs.run_sample, name="run_sample"),
    path("models/", versions.versions, name="versions"),
    path("models/import/", imports.import_page, name="import_model"),
    path("models/import/<uuid:file_id>/", imports.forget_file, name="forget_graph_file"),
    path("models/sets/", judging.version_sets, name="version_sets"),
    path("models/sets/measure/", judging.version_measure, name="version_measure"),
    path("promotions/<uuid:request_id>/decide/", judging.request_decide, name="request_decide"),
    path("models/<uuid:version_id>/", versions.version_page, name="version"),
    path("models/<uuid:version_id>/check/", versions.version_check, name="version_check"),
    path("models/<uuid:version_id>/promote/", judging.version_promote, name="version_promote"),
    path("models/<uuid:version_id>/weights/", versions.version_weights, name="version_weights"),
    path("models/<uuid:version_id>/onnx/", downloads.version_onnx, name="version_onnx"),
    path("models/<uuid:version_id>/card.md", downloads.version_card, name="version_card"),
    path("pictures/<int:picture_id>/<str:side>.png", versions.picture, name="version_picture"),
    path("production/", versions.production, name="production"),
    path("production/<str:stage>/back/", versions.rollback, name="production_rollback"),
]
