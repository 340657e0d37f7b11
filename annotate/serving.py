"""Streams a blob to a browser; nothing is ever served from a media address."""

import zipfile

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from annotate import blobs
from annotate.models import Blob

# Made by ourselves from decoded pixels: safe to show. Everything else is a download.
SHOWN = ("image/png", "image/jpeg", "image/webp")


def stream(
    request: HttpRequest, blob: Blob | None, *, filename: str = "", derived: bool = True
) -> HttpResponseBase:
    """The blob's bytes. ``derived``: our own work, so it may show inside a page."""
    if blob is None:
        return HttpResponse("There is no such file.", status=404, content_type="text/plain")
    tag = f'"{blob.digest}"'
    shown = derived and blob.media_type in SHOWN and not filename
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = FileResponse(
            blobs.open_blob(blob),
            as_attachment=not shown,
            filename=filename or blob.digest[:12],
            content_type=blob.media_type if derived else "application/octet-stream",
        )
        response["Content-Length"] = str(blob.size)
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stream_member(request: HttpRequest, blob: Blob | None, ending: str) -> HttpResponseBase:
    """A JPEG out of a zip of our own making: the member whose name ends so."""
    if blob is None:
        return HttpResponse("There is no such file.", status=404, content_type="text/plain")
    tag = f'"{blob.digest[:32]}.{ending}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        with blobs.open_blob(blob) as file, zipfile.ZipFile(file) as archive:
            name = next((n for n in archive.namelist() if n.endswith(f"/{ending}")), None)
            if name is None:
                return HttpResponse("No such tile.", status=404, content_type="text/plain")
            response = HttpResponse(archive.read(name), content_type="image/jpeg")
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
