"""The pictures of a restoration as files: single ones, and all of them as a zip."""

import tempfile
import zipfile
from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import get_valid_filename

from annotate import blobs
from annotate.models import Blob
from annotate.serving import stream
from pipeline.models import Rendition, Restoration

ENDINGS = {"png": "image", "jpg": "jpeg", "preview": "preview"}


def file(request: HttpRequest, row: Restoration, kind: str, form: str) -> HttpResponseBase:
    """`kind` is a rendition's or "before", `form` png, jpg or preview; 404 for all else."""
    blob = _before(row, form) if kind == "before" else _made(row, kind, form)
    if blob is None:
        raise Http404("There is no such picture.")
    ending = "png" if blob.media_type == "image/png" else "jpg"
    name = filename(row, f"{kind}.{ending}") if "download" in request.GET else ""
    return stream(request, blob, filename=name)


def _before(row: Restoration, form: str) -> Blob | None:
    return {"jpg": row.photo.display, "preview": row.photo.preview}.get(form)


def _made(row: Restoration, kind: str, form: str) -> Blob | None:
    made = next((each for each in row.made if each.kind == kind), None)
    field = ENDINGS.get(form)
    return getattr(made, field) if made and field else None


def filename(row: Restoration, ending: str) -> str:
    """The visitor's own file name, made safe, with what was done to it."""
    stem = PurePath(row.photo.title).stem.lstrip(".") or "photograph"
    try:
        return f"{get_valid_filename(stem)[:100]}.{ending}"
    except ValueError:  # a name of dots and slashes alone
        return f"photograph.{ending}"


def archive(row: Restoration) -> HttpResponseBase:
    """All pictures, PNG and JPEG, stored without compressing them once more."""
    made: list[Rendition] = row.made
    if not made:
        raise Http404("There are no results yet.")
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive_file:
        for rendition in made:
            for ending, field in (("png", "image"), ("jpg", "jpeg")):
                blob = getattr(rendition, field)
                if blob is not None:
                    archive_file.writestr(
                        filename(row, f"{rendition.kind}.{ending}"), blobs.read(blob)
                    )
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=filename(row, "restored.zip"))
