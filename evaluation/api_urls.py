"""Addresses of the evaluation room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
