"""Wrong passwords: five for a name from an address, and twenty from an address over all names."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import Sum
from django.http import HttpRequest

from config.web.client_address import NOBODY, client_address, neighbourhood

MOST_FROM_AN_ADDRESS = 20  # in the time of AXES_COOLOFF_TIME; an office may share one address


def lock_out_address(request: HttpRequest) -> str | None:
    """For AXES_CLIENT_IP_CALLABLE: a household of IPv6 counts once; None where it is unknown."""
    address = neighbourhood(client_address(request))
    return None if address == NOBODY else address


class Handler(AxesDatabaseHandler):
    """Axes' own counting by name and address, and one by address alone: one password tried over
    many names never fails five times on any of them."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        if failures_from(request) < MOST_FROM_AN_ADDRESS:
            return False
        # Without these two axes answers like to a wrong password.
        request.axes_locked_out, request.axes_credentials = True, credentials
        return True


def failures_from(request: Any) -> int:
    """Wrong passwords from the caller's address, whatever names they were for."""
    recent = AccessAttempt.objects.filter(
        ip_address=lock_out_address(request), attempt_time__gte=get_cool_off_threshold(request)
    )
    return recent.aggregate(all=Sum("failures_since_start"))["all"] or 0
