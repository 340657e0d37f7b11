"""Addresses of the Activity page."""

from django.urls import path

from jobs import views

urlpatterns = [
    path("", views.activity, name="activity"),
    path("<uuid:job_id>/", views.job_page, name="job"),
    path("<uuid:job_id>/cancel/", views.cancel, name="job_cancel"),
    path("<uuid:job_id>/retry/", views.retry, name="job_retry"),
]
