"""Addresses of the annotate room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
