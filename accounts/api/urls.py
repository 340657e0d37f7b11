"""Where a program gets a token."""

from django.urls import path

from accounts.api import tokens

urlpatterns = [path("token/", tokens.Token.as_view(), name="api_token")]
