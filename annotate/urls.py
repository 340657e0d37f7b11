"""Addresses of the annotate room."""

from django.urls import path

from annotate.views import (
    albums,
    bring,
    guideline,
    import_export,
    library,
    marks,
    painter,
    pictures,
    practice,
    quality,
    queue,
    review,
)

ASSIGNMENT = "assignments/<uuid:assignment_id>/"
PHOTO = "photos/<uuid:photo_id>/"
ALBUM = "albums/<uuid:album_id>/"
MASK = "masks/<uuid:mask_id>/"

urlpatterns = [
    path("", queue.queue, name="annotate_queue"),
    path("claim/", queue.claim, name="annotate_claim"),
    path(f"{ASSIGNMENT}paint/", painter.paint, name="annotate_paint"),
    path(f"{ASSIGNMENT}mask/", painter.mask_tiles, name="annotate_mask_tiles"),
    path(f"{ASSIGNMENT}strokes/", painter.strokes, name="annotate_strokes"),
    path(f"{ASSIGNMENT}submit/", painter.submit, name="annotate_submit"),
    path(f"{ASSIGNMENT}heartbeat/", painter.heartbeat, name="annotate_heartbeat"),
    path(f"{ASSIGNMENT}skip/", painter.skip, name="annotate_skip"),
    path(f"{ASSIGNMENT}release/", painter.release, name="annotate_release"),
    path(f"{ASSIGNMENT}suggestion/", painter.suggestion, name="annotate_suggestion"),
    path(f"{ASSIGNMENT}marks/", marks.marks, name="annotate_marks"),
    path(f"{ASSIGNMENT}marks/<int:number>/answer/", marks.answer, name="annotate_answer"),
    path(f"{ASSIGNMENT}mend/", marks.mend, name="annotate_mend"),
    path(f"{ASSIGNMENT}score/", practice.score, name="annotate_score"),
    path("practice/", practice.start, name="annotate_practice"),
    path("guideline/", guideline.guideline_page, name="annotate_guideline"),
    path(
        "guideline/<uuid:mask_id>/<slug:defect>.jpg",
        guideline.example,
        name="annotate_guideline_example",
    ),
    path("albums/", albums.album_list, name="annotate_albums"),
    path(ALBUM, albums.album_page, name="annotate_album"),
    path(f"{ALBUM}change/", albums.album_change, name="annotate_album_change"),
    path(f"{ALBUM}many/", albums.album_many, name="annotate_album_many"),
    path("photos/", library.photo_list, name="annotate_photos"),
    path("photos/bring/", bring.bring_page, name="annotate_bring"),
    path("photos/bring/zip/", bring.bring_zip, name="annotate_bring_zip"),
    path("photos/bring/begin/", bring.begin, name="annotate_bring_begin"),
    path("photos/bring/<uuid:import_id>/known/", bring.known, name="annotate_bring_known"),
    path("photos/bring/<uuid:import_id>/", bring.bring_file, name="annotate_bring_file"),
    path(PHOTO, library.photo_page, name="annotate_photo"),
    path(f"{PHOTO}label/", library.label, name="annotate_label"),
    path(f"{PHOTO}read-again/", library.read_again, name="annotate_read_again"),
    path(f"{PHOTO}import-mask/", library.import_mask, name="annotate_import_mask"),
    path(f"{PHOTO}erase/", library.erase, name="annotate_erase"),
    path(f"{PHOTO}tiles/<int:level>/<int:x>/<int:y>/", pictures.tile, name="annotate_tile"),
    path(f"{PHOTO}crop/<int:x>/<int:y>.jpg", marks.crop, name="annotate_crop"),
    path(f"{PHOTO}files/<slug:kind>/", pictures.image, name="annotate_image"),
    path(f"{MASK}overlay.png", pictures.overlay, name="annotate_overlay"),
    path(f"{MASK}export/<slug:defect>.png", pictures.export, name="annotate_export"),
    path(f"{MASK}honeypot/", review.honeypot, name="annotate_honeypot"),
    path(f"{PHOTO}join/", review.join, name="annotate_join"),
    path(f"{MASK}repair/", review.repair, name="annotate_repair"),
    path("exchange/", import_export.exchange_page, name="annotate_exchange"),
    path("exchange/import/", import_export.import_file, name="annotate_exchange_in"),
    path("exchange/imports/<uuid:import_id>/", import_export.import_page, name="annotate_import"),
    path(
        "exchange/imports/<uuid:import_id>/confirm/",
        import_export.confirm_import,
        name="annotate_import_confirm",
    ),
    path(
        "exchange/imports/<uuid:import_id>/undo/",
        import_export.undo_import,
        name="annotate_import_undo",
    ),
    path("exchange/export/", import_export.export_file, name="annotate_exchange_out"),
    path("quality/", quality.quality, name="annotate_quality"),
    path("reviews/", review.reviews, name="annotate_reviews"),
    path("reviews/many/", review.review_many, name="annotate_review_many"),
    path("reviews/<uuid:mask_id>/", review.review, name="annotate_review"),
]
