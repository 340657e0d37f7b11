"""The last megabytes of the disk belong to the site: to sign in, save strokes, finish work.

Below the reserve what visitors send is refused before it is read, so that nobody can fill the disk
until the database cannot write any more.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.env import VAR
from config.web.roles import may

SMALL = 1_000_000  # bytes of a body: forms, strokes and masks pass, photographs do not
STAFF = ("assessor", "reviewer")


def free_bytes() -> int:
    """What is left where it is least: files, database, and where forms are received."""
    places = {Path(settings.MEDIA_ROOT), VAR, Path(tempfile.gettempdir())}
    return min(shutil.disk_usage(place).free for place in places if place.exists())


def require_room(size: int, *, reserve: int | None = None) -> None:
    """Raises OSError(ENOSPC), which answers 507, if `size` more bytes would touch the reserve."""
    kept = settings.DISK_RESERVE_BYTES if reserve is None else reserve
    if kept and free_bytes() - size < kept:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class DiskReserve:
    """Middleware: large bodies are refused while the disk is nearly full, before they are read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        given = request.META.get("CONTENT_LENGTH") or "0"
        size = int(given) if given.isdecimal() else 0
        if size > SMALL:
            staff = may(request.user, *STAFF)
            require_room(size, reserve=settings.DISK_RESERVE_BYTES // (4 if staff else 1))
