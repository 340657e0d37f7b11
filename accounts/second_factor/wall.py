"""Where the site requires a second factor, staff without one see the page that sets it up alone."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.second_factor.codes import lacks_required
from config.web.error_responses import for_program

OPEN = ("/account/second-factor/", "/account/logout/", "/account/login/", "/health/", "/static/")


class SecondFactorWall:
    """Middleware: after authentication, before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if request.path.startswith(OPEN) or not isinstance(getattr(user, "pk", None), int):
            return self.get_response(request)
        if not lacks_required(User.objects.get(pk=user.pk)):
            return self.get_response(request)
        if for_program(request):
            return JsonResponse({"detail": "Set up your second factor first."}, status=403)
        return redirect("second_factor")
