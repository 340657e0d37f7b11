"""Streams a blob to a browser; nothing is ever served from a media address."""

import zipfile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from photos import storage
from photos.models import Blob

HOUR = 3600  # seconds: so long a browser may show what was withdrawn meanwhile
# Made by ourselves from decoded pixels: safe to show. Everything else is a download.
SHOWN = ("image/png", "image/jpeg", "image/webp")


def stream(
    request: HttpRequest, blob: Blob | None, *, filename: str = "", derived: bool = True
) -> HttpResponseBase:
    """The blob's bytes. ``derived``: our own work, so it may show inside a page."""
    if blob is None:
        raise Http404("There is no such file.")
    if request.headers.get("If-None-Match") == f'"{blob.digest}"':
        return _kept(HttpResponseNotModified(), blob.digest, HOUR)
    shown = derived and blob.media_type in SHOWN and not filename
    response = FileResponse(
        storage.open_blob(blob),
        as_attachment=not shown,
        filename=filename or blob.digest[:12],
        content_type=blob.media_type if derived else "application/octet-stream",
    )
    response["Content-Length"] = str(blob.size)
    return _kept(response, blob.digest, HOUR)


def stream_member(request: HttpRequest, blob: Blob | None, ending: str) -> HttpResponseBase:
    """A JPEG out of a zip of our own making: the member whose name ends so."""
    if blob is None:
        raise Http404("There is no such file.")
    tag = f"{blob.digest[:32]}.{ending}"
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return _kept(HttpResponseNotModified(), tag, HOUR)
    with storage.open_blob(blob) as file, zipfile.ZipFile(file) as archive:
        name = next((n for n in archive.namelist() if n.endswith(f"/{ending}")), None)
        if name is None:
            raise Http404("No such tile.")
        tile = archive.read(name)
    return _kept(HttpResponse(tile, content_type="image/jpeg"), tag, HOUR)


def _kept(response: HttpResponseBase, tag: str, seconds: int) -> HttpResponseBase:
    """For one person's browser: what a digest names never changes."""
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = f"private, max-age={seconds}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
