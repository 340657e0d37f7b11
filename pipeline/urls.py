"""Addresses of the pipeline room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
