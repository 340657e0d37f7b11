"""Where the site requires a second factor, staff without one see the page that sets it up alone."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.second_factor.codes import REQUIRED, lacks_required
from config.web.error_responses import for_program

BY_PROVIDER = "by_provider"
"""In the session of whoever came through single sign-on: the second factor was asked there."""
OPEN = ("/account/second-factor/", "/account/logout/", "/account/login/", "/health/", "/static/")


class SecondFactorWall:
    """Middleware: after authentication, before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR != REQUIRED or request.path.startswith(OPEN):
            return self.get_response(request)  # before the user's row is read
        user = request.user
        asked_there = request.session.get(BY_PROVIDER)
        if not isinstance(user, User) or asked_there or not lacks_required(user):
            return self.get_response(request)
        if for_program(request):
            return JsonResponse({"detail": "Set up your second factor first."}, status=403)
        return redirect("second_factor")
