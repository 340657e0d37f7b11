"""The home page."""

from django.urls import path

from evaluation import home

urlpatterns = [path("", home.home, name="home")]
