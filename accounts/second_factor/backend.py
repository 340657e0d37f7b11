"""Name, password and, where the account has one, a code: asked in one place for every way in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts.second_factor.codes import has_device, opens


class PasswordAndCode(ModelBackend):
    """Page, admin site and API come here. A wrong code is a failed sign-in like a wrong password,
    so it counts for the lock-out, and the answer does not tell which of the two was wrong."""

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> AbstractBaseUser | None:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(user, User) or not has_device(user):
            return user
        return user if opens(user, _code(request)) else None


def _code(request: Any) -> str:
    """From a form, or from the body of a call."""
    given = getattr(request, "data", None)
    given = given if given is not None else getattr(request, "POST", {})
    return str(given.get("code", "")) if hasattr(given, "get") else ""
