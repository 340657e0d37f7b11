"""Addresses of the restorations API."""

from django.urls import path

from pipeline.api import (
    answers,
    colours,
    frames,
    mask_files,
    restorations,
    swatches,
    tus,
    webhooks,
)

urlpatterns = [
    path("webhooks/", webhooks.Webhooks.as_view(), name="api_webhooks"),
    path("webhooks/<uuid:webhook>/", webhooks.OneWebhook.as_view(), name="api_webhook"),
    path(
        "webhooks/<uuid:webhook>/deliveries/",
        webhooks.Deliveries.as_view(),
        name="api_deliveries",
    ),
    path("swatches/", swatches.Palette.as_view(), name="api_swatches"),
    path("swatches/lab/", swatches.LabSwatches.as_view(), name="api_lab_swatches"),
    path("swatches/lab/<uuid:pk>/", swatches.OneLabSwatch.as_view(), name="api_lab_swatch"),
    path("uploads/", tus.Uploads.as_view(), name="api_uploads"),
    path("uploads/<str:token>/", tus.OneUpload.as_view(), name="api_upload"),
    path("restorations/", restorations.Restorations.as_view(), name="api_restorations"),
    path(
        "restorations/<str:token>/", restorations.OneRestoration.as_view(), name="api_restoration"
    ),
    path(
        "restorations/<str:token>/answers/",
        answers.RestorationAnswers.as_view(),
        name="api_restoration_answers",
    ),
    path(
        "restorations/<str:token>/colours/",
        colours.RestorationColours.as_view(),
        name="api_restoration_colours",
    ),
    path(
        "restorations/<str:token>/frame/",
        frames.RestorationFrame.as_view(),
        name="api_restoration_frame",
    ),
    path(
        "restorations/<str:token>/mask/",
        mask_files.RestorationMask.as_view(),
        name="api_restoration_mask",
    ),
    path(
        "restorations/<str:token>/<slug:kind>.<slug:form>",
        restorations.RestorationFile.as_view(),
        name="api_restoration_file",
    ),
]
