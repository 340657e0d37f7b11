"""All uploads on their way share a quota; who fell silent makes room for the others."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Sum

from config.web.disk_reserve import require_room
from pipeline.models import Upload, patience
from pipeline.services.uploads import tus_uploads

SILENT = timedelta(minutes=15)  # an upload so long without a byte may be dropped for another
FULL = (
    "Too many uploads are on their way; nothing of this piece was kept. Try again in a few minutes."
)


class TooManyUploads(Exception):
    """The quota is used up, and nobody has been silent for long."""


def open_uploads() -> tuple[int, int]:
    """(how many uploads are unfinished, their bytes so far)."""
    unfinished = Upload.objects.unfinished()
    found = unfinished.aggregate(count=Count("pk"), size=Sum("offset"))
    return found["count"], found["size"] or 0


def make_room(upload: Upload, size: int) -> None:
    """Before `size` more bytes of `upload` are read.

    Raises:
        OSError: with ENOSPC where the disk's reserve would be touched.
        TooManyUploads: where the quota would be exceeded.
    """
    require_room(size)
    over = open_uploads()[1] + size - settings.UNFINISHED_UPLOADS_BYTES
    if over <= 0:
        return
    drop(SILENT, keep=upload, until=over)
    if open_uploads()[1] + size > settings.UNFINISHED_UPLOADS_BYTES:
        raise TooManyUploads(FULL)


def drop(silent: timedelta, *, keep: Upload | None = None, until: int | None = None) -> int:
    """Deletes uploads without a byte for so long, the most silent first; answers how many.

    Args:
        silent: zero drops all that are unfinished.
        keep: never this one.
        until: stop once so many bytes are free again.
    """
    late = patience() - silent  # each byte moves the end: what ends before this was silent
    rows = Upload.objects.unfinished().filter(expires_at__lte=late).order_by("expires_at")
    dropped = freed = 0
    for row in rows.exclude(pk=keep.pk) if keep else rows:
        if until is not None and freed >= until:
            break
        freed += row.offset
        dropped += 1
        tus_uploads.give_up(row)
    return dropped
