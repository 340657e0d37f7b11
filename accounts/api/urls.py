"""Where a program gets a token."""

from django.urls import path

from accounts import api

urlpatterns = [path("token/", api.Token.as_view(), name="api_token")]
