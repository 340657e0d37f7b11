"""Addresses of the pipeline room."""

from django.urls import path

from pipeline import views

urlpatterns = [
    path("restore/", views.restore, name="restore"),
    path("restorations/", views.restorations, name="restorations"),
    path("restore/<str:token>/", views.restoration, name="restoration"),
    path("restore/<str:token>/all.zip", views.restoration_zip, name="restoration_zip"),
    path("restore/<str:token>/delete/", views.restoration_erase, name="restoration_erase"),
    path("restore/<str:token>/offer/", views.restoration_offer, name="restoration_offer"),
    path("restore/<str:token>/variant/", views.restoration_variant, name="restoration_variant"),
    path("restore/<str:token>/again/", views.restoration_again, name="restoration_again"),
    path(
        "restore/<str:token>/<slug:kind>.<slug:form>",
        views.restoration_file,
        name="restoration_file",
    ),
]
