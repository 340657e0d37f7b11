"""Signing in and out: Django's own views with our templates."""

from django.contrib.auth import views
from django.urls import path

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
]
