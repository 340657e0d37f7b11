"""Signing in and out: Django's own views with our templates."""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.urls import path


class SignInForm(AuthenticationForm):
    """Says what may be wrong without telling which: a guesser must not learn that."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "Name, password or code is wrong. Whoever has a second factor needs all."
    }


urlpatterns = [
    path(
        "login/",
        views.LoginView.as_view(
            authentication_form=SignInForm,
            extra_context={
                "mail": lambda: settings.MAIL_IS_SET_UP,
                "sign_on": lambda: settings.SIGN_ON_ISSUER and settings.SIGN_ON_NAME,
            },
        ),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
]
