"""Addresses of the annotate room."""

from django.urls import path

from annotate import painting, views

ASSIGNMENT = "assignments/<uuid:assignment_id>/"

urlpatterns = [
    path("", views.queue, name="annotate_queue"),
    path("claim/", views.claim, name="annotate_claim"),
    path(f"{ASSIGNMENT}paint/", painting.paint, name="annotate_paint"),
    path(f"{ASSIGNMENT}mask/", painting.mask_tiles, name="annotate_mask_tiles"),
    path(f"{ASSIGNMENT}strokes/", painting.strokes, name="annotate_strokes"),
    path(f"{ASSIGNMENT}submit/", painting.submit, name="annotate_submit"),
    path(f"{ASSIGNMENT}heartbeat/", painting.heartbeat, name="annotate_heartbeat"),
    path(f"{ASSIGNMENT}skip/", painting.skip, name="annotate_skip"),
    path(f"{ASSIGNMENT}release/", painting.release, name="annotate_release"),
    path(f"{ASSIGNMENT}suggestion/", painting.suggestion, name="annotate_suggestion"),
    path("photos/", views.photos, name="annotate_photos"),
    path("photos/<uuid:photo_id>/", views.photo_page, name="annotate_photo"),
    path("photos/<uuid:photo_id>/<slug:kind>/", views.image, name="annotate_image"),
]
