"""Addresses of the pipeline room."""

from django.urls import path

from pipeline.views import (
    albums,
    colours,
    correcting,
    frames,
    gallery,
    owner,
    result,
    sent,
    staff,
    swatches,
    tones,
    upload,
    variants,
)
from pipeline.views.orders import desk, handover

MINE = "restore/<str:token>/"
HANDED = "handed-over/<str:token>/"

urlpatterns = [
    path("", upload.home, name="home"),
    path("restore/", upload.restore, name="restore"),
    path("restore/sent/", sent.restorations_sent, name="restorations_sent"),
    path("restore/sent/all.zip", sent.restorations_sent_zip, name="restorations_sent_zip"),
    path(MINE, result.restoration, name="restoration"),
    path(f"{MINE}all.zip", result.restoration_zip, name="restoration_zip"),
    path(f"{MINE}delete/", owner.restoration_erase, name="restoration_erase"),
    path(f"{MINE}again/", owner.restoration_again, name="restoration_again"),
    path(f"{MINE}feedback/", owner.restoration_feedback, name="restoration_feedback"),
    path(f"{MINE}name/", owner.restoration_name, name="restoration_name"),
    path(f"{MINE}leave/", owner.restoration_leave, name="restoration_leave"),
    path(f"{MINE}show/", owner.restoration_show, name="restoration_show"),
    path(f"{MINE}variant/", variants.restoration_variant, name="restoration_variant"),
    path(f"{MINE}tones/", tones.restoration_tones, name="restoration_tones"),
    path(f"{MINE}frame/", frames.restoration_frame, name="restoration_frame"),
    path(f"{MINE}answers/", variants.restoration_answers, name="restoration_answers"),
    path(f"{MINE}colours/", colours.restoration_colours, name="restoration_colours"),
    path(f"{MINE}colours/<slug:kind>.jpg", colours.unpainted_file, name="restoration_unpainted"),
    path("colours/swatches.json", colours.swatches, name="colour_swatches"),
    path(f"{MINE}mask/", variants.restoration_mask, name="restoration_mask"),
    path(f"{MINE}mask/save/", variants.restoration_correct, name="restoration_correct"),
    path(f"{MINE}mask/file/", correcting.mask_file, name="restoration_mask_file"),
    path(f"{MINE}mask/stroke/", correcting.ask_stroke, name="restoration_stroke"),
    path(f"{MINE}mask/stroke/<uuid:pk>/", correcting.stroke_filled, name="stroke_filled"),
    path(f"{MINE}<slug:kind>.<slug:form>", result.restoration_file, name="restoration_file"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/<uuid:pk>/", gallery.exhibit, name="exhibit"),
    path("gallery/<uuid:pk>/<slug:kind>.<slug:form>", gallery.exhibit_file, name="exhibit_file"),
    path("restorations/", staff.restorations, name="restorations"),
    path("restorations/orders/", desk.orders, name="orders"),
    path("restorations/orders/<uuid:pk>/", desk.order, name="order"),
    path("restorations/orders/<uuid:pk>/link/", desk.link, name="order_link"),
    path("restorations/orders/<uuid:pk>/close/", desk.close, name="order_close"),
    path("restorations/orders/<uuid:pk>/delete/", desk.delete, name="order_delete"),
    path(HANDED, handover.handover, name="handover"),
    path(f"{HANDED}all.zip", handover.handover_zip, name="handover_zip"),
    path(
        f"{HANDED}<uuid:pk>/<slug:kind>.<slug:form>", handover.handover_file, name="handover_file"
    ),
    path("restorations/albums/<uuid:album_id>/", albums.restore_album, name="restore_album"),
    path("restorations/albums/<uuid:album_id>/all.zip", albums.album_zip, name="album_zip"),
    path("restorations/swatches/", swatches.swatches, name="swatches"),
    path("restorations/swatches/<uuid:pk>/", swatches.swatch, name="swatch"),
    path("restorations/swatches/<uuid:pk>/remove/", swatches.remove, name="swatch_remove"),
    path("restorations/uploads/drop/", staff.drop_uploads, name="drop_uploads"),
    path("restorations/<uuid:pk>/retry/", staff.retry, name="restoration_retry"),
    path("restorations/<uuid:pk>/label/", staff.label, name="restoration_label"),
    path("restorations/<uuid:pk>/hang/", staff.hang, name="restoration_hang"),
]
