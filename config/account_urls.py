"""Signing in and out: Django's own views with our templates."""

from django.conf import settings
from django.contrib.auth import views
from django.urls import path

urlpatterns = [
    path(
        "login/",
        views.LoginView.as_view(
            extra_context={
                "mail": lambda: settings.MAIL_IS_SET_UP,
                "sign_on": lambda: settings.SIGN_ON_ISSUER and settings.SIGN_ON_NAME,
            }
        ),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
]
