"""Addresses of the restorations API."""

from django.urls import path

from pipeline import answers_api, api, following_api, upload_api, webhook_api

urlpatterns = [
    path("webhooks/", webhook_api.Webhooks.as_view(), name="api_webhooks"),
    path("webhooks/<uuid:webhook>/", webhook_api.OneWebhook.as_view(), name="api_webhook"),
    path(
        "webhooks/<uuid:webhook>/deliveries/",
        webhook_api.Deliveries.as_view(),
        name="api_deliveries",
    ),
    path("uploads/", upload_api.Uploads.as_view(), name="api_uploads"),
    path("uploads/<str:token>/", upload_api.OneUpload.as_view(), name="api_upload"),
    path("restorations/", api.Restorations.as_view(), name="api_restorations"),
    path("restorations/<str:token>/", api.OneRestoration.as_view(), name="api_restoration"),
    path(
        "restorations/<str:token>/answers/",
        answers_api.RestorationAnswers.as_view(),
        name="api_restoration_answers",
    ),
    path(
        "restorations/<str:token>/events",
        following_api.RestorationEvents.as_view(),
        name="api_restoration_events",
    ),
    path(
        "restorations/<str:token>/<slug:kind>.<slug:form>",
        api.RestorationFile.as_view(),
        name="api_restoration_file",
    ),
]
