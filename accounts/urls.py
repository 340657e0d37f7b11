"""Addresses of one's own tokens."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:number>/revoke/", views.revoke, name="token_revoke"),
]
