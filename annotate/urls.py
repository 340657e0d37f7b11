"""Addresses of the annotate room."""

from django.urls import path

from annotate import exchanging, library, painting, practising, reporting, reviewing, views

ASSIGNMENT = "assignments/<uuid:assignment_id>/"
PHOTO = "photos/<uuid:photo_id>/"
MASK = "masks/<uuid:mask_id>/"

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
    path(f"{ASSIGNMENT}marks/", painting.marks, name="annotate_marks"),
    path(f"{ASSIGNMENT}score/", practising.score, name="annotate_score"),
    path("practice/", practising.start, name="annotate_practice"),
    path("photos/", library.photos, name="annotate_photos"),
    path(PHOTO, library.photo_page, name="annotate_photo"),
    path(f"{PHOTO}label/", library.label, name="annotate_label"),
    path(f"{PHOTO}read-again/", library.read_again, name="annotate_read_again"),
    path(f"{PHOTO}import-mask/", library.import_mask, name="annotate_import_mask"),
    path(f"{PHOTO}erase/", library.erase, name="annotate_erase"),
    path(f"{PHOTO}tiles/<int:level>/<int:x>/<int:y>/", views.tile, name="annotate_tile"),
    path(f"{PHOTO}files/<slug:kind>/", views.image, name="annotate_image"),
    path(f"{MASK}overlay.png", views.overlay, name="annotate_overlay"),
    path(f"{MASK}export/<slug:defect>.png", views.export, name="annotate_export"),
    path(f"{MASK}honeypot/", reviewing.honeypot, name="annotate_honeypot"),
    path(f"{PHOTO}join/", reviewing.join, name="annotate_join"),
    path(f"{MASK}repair/", reviewing.repair, name="annotate_repair"),
    path("exchange/", exchanging.exchange_page, name="annotate_exchange"),
    path("exchange/import/", exchanging.import_file, name="annotate_exchange_in"),
    path("exchange/export/", exchanging.export_file, name="annotate_exchange_out"),
    path("quality/", reporting.quality, name="annotate_quality"),
    path("reviews/", reviewing.reviews, name="annotate_reviews"),
    path("reviews/<uuid:mask_id>/", reviewing.review, name="annotate_review"),
]
