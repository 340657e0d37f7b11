"""Addresses of one's own password and tokens."""

from django.contrib.auth.views import PasswordChangeView
from django.urls import path

from accounts import views
from accounts.forms import OwnPassword

urlpatterns = [
    path("password/", PasswordChangeView.as_view(form_class=OwnPassword), name="password_change"),
    path("time-zone/", views.time_zone, name="time_zone"),
    path("data/", views.own_data, name="own_data"),
    path("data/take/", views.take_home, name="take_home"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:number>/revoke/", views.revoke, name="token_revoke"),
]
