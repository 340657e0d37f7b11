"""How many photographs an address or an account may send in an hour; pages and API alike."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class UploadThrottle(SimpleRateThrottle):
    """Rate "uploads" of the settings, by account, else by address."""

    scope = "uploads"

    def get_cache_key(self, request: Request, view: Any) -> str:
        user = request.user
        ident = str(user.pk) if user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


class StrokeThrottle(UploadThrottle):
    """Looks at strokes, of which a page asks for one after the other."""

    scope = "strokes"
    rate = "120/minute"


class MaskFileThrottle(UploadThrottle):
    """Mask files: each is read at once, in a process of its own."""

    scope = "mask-files"
    rate = "20/minute"


def allowed(throttle: type[UploadThrottle], request: HttpRequest) -> bool:
    """Counts a page's request."""
    return bool(throttle().allow_request(request, None))  # type: ignore[arg-type]


def upload_allowed(request: HttpRequest, files: int) -> bool:
    """Counts the files of a page's form against the same rate."""
    throttle = UploadThrottle()
    allowed = [throttle.allow_request(request, None) for _ in range(files)]  # type: ignore[arg-type]
    return all(allowed)
