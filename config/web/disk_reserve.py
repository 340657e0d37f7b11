"""The last megabytes of the disk belong to the site: to sign in, save strokes, finish work.

Below the reserve what visitors send is refused before it is read, so that nobody can fill the disk
until the database cannot write any more.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.env import VAR
from config.web.error_responses import for_program
from config.web.roles import may

SMALL = 1_000_000  # bytes of a body: forms, strokes and masks pass, photographs do not
STAFF = ("assessor", "reviewer")
FOR_ALL = ("/restore/", "/api/v1/")  # addresses below which files are taken
FOR_STAFF = ("/annotate/",)
FOR_ADMINS = re.compile(r"/studies/\d+/rivals/|/training/models/import/")
FILES = 20  # as many as one form brings, held to the form's own number by a test


def free_bytes() -> int:
    """What is left where it is least: files, database, and where forms are received."""
    places = {Path(settings.MEDIA_ROOT), VAR, Path(tempfile.gettempdir())}
    return min(shutil.disk_usage(place).free for place in places if place.exists())


def require_room(size: int, *, reserve: int | None = None) -> None:
    """Raises OSError(ENOSPC), which answers 507, if `size` more bytes would touch the reserve."""
    kept = settings.DISK_RESERVE_BYTES if reserve is None else reserve
    if kept and free_bytes() - size < kept:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Arriving:
    """Bytes of large bodies that are on their way into this process, by what they say."""

    def __init__(self) -> None:
        self._lock, self.bytes = Lock(), 0

    @contextmanager
    def counted(self, size: int) -> Iterator[None]:
        with self._lock:
            self.bytes += size
        try:
            yield
        finally:
            with self._lock:
                self.bytes -= size


arriving = Arriving()


class DiskReserve:
    """Middleware: large bodies go to the addresses that take files, from whom they are taken, and
    while there is room for all that are on their way; others are refused before they are read.

    Django reads a form, onto the disk, before a view or the check of its token has its say: else
    anybody could send any number of bytes to any address, the sign-in form for one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = _announced(request)
        if size <= SMALL:
            return self.get_response(request)
        with arriving.counted(size):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        size = _announced(request)
        if size <= SMALL:
            return None
        staff = may(request.user, *STAFF)
        if not _takes_files(request, staff=staff) or size > _most():
            return _too_large(request)
        require_room(arriving.bytes, reserve=settings.DISK_RESERVE_BYTES // (4 if staff else 1))
        return None


def _announced(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() else 0


def _most() -> int:
    """A form with as many photographs as it may have, and a little more for the rest of it."""
    return FILES * int(settings.SCAN_MAX_BYTES) + SMALL


def _takes_files(request: HttpRequest, *, staff: bool) -> bool:
    path = request.path_info
    if path.startswith(FOR_ALL) or (staff and path.startswith(FOR_STAFF)):
        return True
    return bool(FOR_ADMINS.fullmatch(path)) and may(request.user)


def _too_large(request: HttpRequest) -> HttpResponse:
    sentence = "This is more than this address takes."
    if for_program(request):
        return JsonResponse({"code": "too_large", "detail": sentence}, status=413)
    return HttpResponse(sentence, status=413, content_type="text/plain")
