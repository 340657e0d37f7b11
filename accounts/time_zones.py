"""Dates in the person's time zone: her own setting, else her browser's, else the site's."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Preference

COOKIE = KEPT = "time_zone"
Answer = Callable[[HttpRequest], HttpResponse]


@cache
def zones() -> frozenset[str]:
    """Names that mean a place; the file system is asked once."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def own_zone(request: HttpRequest) -> str:
    """The setting of who is signed in; asked of the database once a session."""
    if not request.user.is_authenticated:
        return ""
    if KEPT not in request.session:
        found = Preference.objects.filter(user_id=request.user.pk)
        request.session[KEPT] = found.values_list("time_zone", flat=True).first() or ""
    return str(request.session[KEPT])


def choose(request: HttpRequest, user: User, name: str) -> None:
    Preference.objects.update_or_create(user=user, defaults={"time_zone": name})
    request.session[KEPT] = name


class TimeZone:
    """Pages only: what the API and the painter's calls answer is in UTC."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
            return self.get_response(request)
        name = own_zone(request) or request.COOKIES.get(COOKIE, "").replace("%2F", "/")
        if name not in zones():
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)
