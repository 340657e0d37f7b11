"""How much an address or an account may send: photographs by page and API, strokes, mask files."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.throttles import AddressThrottle


class UploadThrottle(AddressThrottle):
    """Rate "uploads" of the settings, by account, else by address."""

    scope = "uploads"

    def get_cache_key(self, request: Request, view: Any) -> str:
        user = request.user
        ident = str(user.pk) if user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}

    def count_further(self, request: Any, times: int) -> None:
        """As if so many more had been sent just now."""
        if self.rate is None:
            return
        key, now = self.get_cache_key(request, None), self.timer()
        most, seconds = self.parse_rate(self.rate)
        history = [now] * times + list(self.cache.get(key, []))
        self.cache.set(key, history[:most], seconds)


class StrokeThrottle(UploadThrottle):
    """Looks at strokes, of which a page asks for one after the other."""

    scope = "strokes"


class MaskFileThrottle(UploadThrottle):
    """Mask files: each is read at once, in a process of its own."""

    scope = "mask-files"


class WebhookThrottle(UploadThrottle):
    """Webhooks made and pinged: each is a request to somebody else's computer."""

    scope = "webhooks"


def allowed(throttle: type[UploadThrottle], request: HttpRequest, times: int = 1) -> bool:
    """Counts a page's request, or the files of its form."""
    counted = throttle()
    each = [counted.allow_request(request, None) for _ in range(times)]  # type: ignore[arg-type]
    return all(each)


def upload_allowed(request: HttpRequest, files: int) -> bool:
    return allowed(UploadThrottle, request, files)
