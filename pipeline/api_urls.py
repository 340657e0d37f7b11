"""Addresses of the restorations API."""

from django.urls import path

from pipeline import api

urlpatterns = [
    path("token/", api.Token.as_view(), name="api_token"),
    path("restorations/", api.Restorations.as_view(), name="api_restorations"),
    path("restorations/<str:token>/", api.OneRestoration.as_view(), name="api_restoration"),
    path(
        "restorations/<str:token>/<slug:kind>.<slug:form>",
        api.RestorationFile.as_view(),
        name="api_restoration_file",
    ),
]
