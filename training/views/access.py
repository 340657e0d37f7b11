"""Who may enter: reviewers look; admins freeze, train, promote, roll back."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from config.web.roles import needs

FOREVER = "private, max-age=31536000, immutable"
lookers = needs("admin", "reviewer")
admins = needs("admin")


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)
