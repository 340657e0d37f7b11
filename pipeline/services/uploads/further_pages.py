"""A file of several photographs counts as so many against its sender's limit.

By the file's directories alone, in the request that sent it: who that was is kept nowhere, and a
worker could not tell. The file that goes over the limit is taken whole; the next one waits.
"""

from django.http import HttpRequest
from rest_framework.request import Request

from photos import storage
from photos.decoding.formats import TIFF_HEADS
from photos.decoding.tiff.photographs import MOST_PHOTOGRAPHS, count_photographs
from pipeline.models import Restoration
from pipeline.services.uploads.throttles import UploadThrottle


def count(request: HttpRequest | Request, *made: Restoration) -> None:
    """The first photograph of each file was counted as a request."""
    further = sum(photographs_of(row) - 1 for row in made)
    if further > 0:
        UploadThrottle().count_further(request, further)


def photographs_of(row: Restoration) -> int:
    """How many the file holds as its directories say; 1 for other kinds than TIFF."""
    original = row.photo.original
    if original is None:
        return 1
    with storage.open_blob(original) as file:
        head = file.read(4)
    if head not in TIFF_HEADS:
        return 1
    with storage.local_file(original) as path:
        found = count_photographs(path)
    return found if found <= MOST_PHOTOGRAPHS else 1  # too many are refused when they are read
