"""What the machine lacks, said as a sentence: no room on the disk, no database, no storage.

One net for pages and the API: whatever a view could not do for such a reason answers 507 or 503,
with Retry-After, and nothing of it was saved, because every change is one transaction.
"""

import errno
import logging
import sys
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from config.web.error_responses import for_program

log = logging.getLogger(__name__)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL_SAID = ("disk is full", "no space left on device", "disk full")
BROKEN = (errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ESTALE, errno.EMFILE)
AGAIN = "Nothing was saved; please try again in a few minutes."


class Outage(NamedTuple):
    """The status and the sentence of an answer."""

    status: int
    sentence: str


def outage(error: BaseException | None) -> Outage | None:
    """None for an error that is a fault of ours and not of the machine."""
    if is_full(error):
        return Outage(507, f"This site has no room left on its disk. {AGAIN}")
    if isinstance(error, OperationalError | InterfaceError):
        return Outage(503, f"The database does not answer just now. {AGAIN}")
    if _is_storage(error):
        return Outage(503, f"The files of this site cannot be reached just now. {AGAIN}")
    return None


def is_full(error: BaseException | None) -> bool:
    """No room left: said by the system, by SQLite, or by PostgreSQL."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    said = str(error).lower()
    return isinstance(error, DatabaseError) and any(word in said for word in FULL_SAID)


def _is_storage(error: BaseException | None) -> bool:
    """An error of the disk, or of the client of an S3 store, which is not always installed."""
    if isinstance(error, OSError) and error.errno in BROKEN:
        return True
    return type(error).__module__.partition(".")[0] in ("botocore", "boto3", "s3transfer")


def answer_500(request: HttpRequest) -> HttpResponse:
    """Django's handler500: an outage where it is one, else the page that asks for patience."""
    error = sys.exc_info()[1]
    found = outage(error)
    if found is None:
        return server_error(request)
    log.error("%s %s: %s", found.sentence, type(error).__name__, error)
    response: HttpResponse
    if for_program(request):
        body = {"code": "unavailable", "detail": found.sentence}
        response = JsonResponse(body, status=found.status)
    else:
        response = _page(request, found)
    response["Retry-After"] = "120"
    return response


def _page(request: HttpRequest, found: Outage) -> HttpResponse:
    """The menu asks the database who is looking; without one the sentence stands alone."""
    try:
        return render(request, "refused.html", {"reason": found.sentence}, status=found.status)
    except Exception:
        return HttpResponse(found.sentence, status=found.status, content_type="text/plain")
