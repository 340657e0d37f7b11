"""Addresses of the training room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
