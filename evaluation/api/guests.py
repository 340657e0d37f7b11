"""Who a guest is: the browser that opened her link, asked at the addresses of her ballots alone."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from config.web.permissions import HasRole
from evaluation.models import Ballot, Guest, Study


def cookie(number: int) -> str:
    """A browser may be a guest of several studies."""
    return f"guest-{number}"


def bind(response: HttpResponse, guest: Guest, secret: str) -> None:
    """This browser is the guest from now on, until her time is over."""
    response.set_cookie(
        cookie(guest.study.number),
        secret,
        expires=guest.expires_at,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def guest_of(request: HttpRequest) -> Guest | None:
    """The guest whose browser asks about her own study or ballot; somebody signed in is none."""
    if request.user.is_authenticated or request.resolver_match is None:
        return None
    number = _study_number(request.resolver_match.kwargs)
    guest = Guest.objects.holding(request.COOKIES.get(cookie(number), ""))
    return guest if guest is not None and guest.study.number == number else None


def _study_number(kwargs: dict[str, Any]) -> int:
    """Of an address that names a study or one of its ballots; 0 where it names neither."""
    if "token" not in kwargs:
        return int(kwargs.get("number", 0))
    found = Study.objects.filter(ballots__in=Ballot.objects.filter(token=kwargs["token"]))
    return int(found.values_list("number", flat=True).first() or 0)


def is_guest(request: HttpRequest) -> bool:
    """A view's `passes`: whom it lets in beside its roles."""
    return guest_of(request) is not None


class GuestAuthentication(SessionAuthentication):
    """By the guest's cookie, with the check against forged requests that sessions have."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        guest = guest_of(request._request)
        if guest is None or guest.account is None:
            return None
        self.enforce_csrf(request)
        return guest.account, guest


class GuestScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = "evaluation.api.guests.GuestAuthentication"
    name = "guest"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "guest-NUMBER"}


class VoterOrGuest(HasRole):
    """Voters, and guests who came by their cookie."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Guest) or super().has_permission(request, view)
