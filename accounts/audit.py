"""Who changed what: one row for each act of somebody with power, that nobody may change later.

A reviewer's or an admin's request that changes something and succeeds is written down by its
route, never by its body: forms hold passwords. Strokes of a mask have a history of their own.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import AuditEvent
from config.web.client_address import client_address
from config.web.logging import request_id
from config.web.roles import may

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
OWN_HISTORY = ("annotate/assignments/", "account/login/", "account/logout/")


class AuditTrail:
    """Middleware: writes the row after the view has done its work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        done = response.status_code < 400 and not getattr(response, "nothing_done", False)
        if request.method in CHANGING and done and match is not None:
            user = _actor(request)
            if user is not None and not match.route.startswith(OWN_HISTORY):
                _write(request, user, match.route, match.kwargs, response.status_code)
        return response


def note(request: HttpRequest, what: str, **of: object) -> None:
    """A row of its own for an act whose reason or extent its route does not tell."""
    if (user := _actor(request)) is not None:
        _write(request, user, what, of, 200)


def _actor(request: HttpRequest) -> Any:
    """Whoever acted, with a session or a token, if it is somebody with power."""
    user = getattr(request, "user", None)
    return user if user is not None and may(user, "reviewer") else None


def _write(request: HttpRequest, user: Any, route: str, kwargs: Any, status: int) -> None:
    AuditEvent.objects.create(
        person=user.pk,
        name=user.get_username(),
        method=request.method or "",
        route=route[:200],
        of={name: str(value)[:100] for name, value in kwargs.items() if name != "token"},
        status=status,
        address=client_address(request),
        request_id=request_id.get(),
    )
