"""Addresses of the pipeline room."""

from django.urls import path

from pipeline import exhibiting, improving, overseeing, owning, views

MINE = "restore/<str:token>/"

urlpatterns = [
    path("restore/", views.restore, name="restore"),
    path(MINE, views.restoration, name="restoration"),
    path(f"{MINE}all.zip", views.restoration_zip, name="restoration_zip"),
    path(f"{MINE}delete/", owning.restoration_erase, name="restoration_erase"),
    path(f"{MINE}again/", owning.restoration_again, name="restoration_again"),
    path(f"{MINE}feedback/", owning.restoration_feedback, name="restoration_feedback"),
    path(f"{MINE}leave/", owning.restoration_leave, name="restoration_leave"),
    path(f"{MINE}show/", owning.restoration_show, name="restoration_show"),
    path(f"{MINE}variant/", improving.restoration_variant, name="restoration_variant"),
    path(f"{MINE}answers/", improving.restoration_answer, name="restoration_answer"),
    path(f"{MINE}mask/", improving.restoration_mask, name="restoration_mask"),
    path(f"{MINE}mask/save/", improving.restoration_correct, name="restoration_correct"),
    path(f"{MINE}<slug:kind>.<slug:form>", views.restoration_file, name="restoration_file"),
    path("gallery/", exhibiting.gallery, name="gallery"),
    path("gallery/<uuid:pk>/", exhibiting.exhibit, name="exhibit"),
    path("gallery/<uuid:pk>/<slug:kind>.<slug:form>", exhibiting.exhibit_file, name="exhibit_file"),
    path("restorations/", overseeing.restorations, name="restorations"),
    path("restorations/<uuid:pk>/retry/", overseeing.retry, name="restoration_retry"),
    path("restorations/<uuid:pk>/label/", overseeing.label, name="restoration_label"),
    path("restorations/<uuid:pk>/hang/", overseeing.hang, name="restoration_hang"),
]
