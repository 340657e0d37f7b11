"""The pictures of a restoration as files: single ones, and all of them as a zip."""

import shutil
import tempfile
import zipfile
from pathlib import Path, PurePath
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import get_valid_filename

from photos import storage
from photos.blob_responses import stream
from photos.models import Blob
from pipeline.imageio import encode
from pipeline.models import Rendition, Restoration, TonedPicture
from pipeline.services.adjusting import tones

ENDINGS = {"png": "image", "jpg": "jpeg", "preview": "preview", "foreseen": "foreseen"}
TIFF = "tif"
BEST, BEFORE = "best", "before"


def file(
    request: HttpRequest, row: Restoration, kind: str, form: str, *, named: bool = True
) -> HttpResponseBase:
    """`kind` is a rendition's, "before" or "best", `form` png, jpg, tif or preview (of a mask
    overlay and foreseen, too); else 404.

    "best" is the repaired picture, in colour where it was coloured.
    ``named`` pictures may be downloaded under the visitor's own file name.
    """
    if kind == BEST:
        kind = _best(row)
    if form == TIFF:
        return _tiff_response(row, kind)
    if (kind, form) == ("mask", "overlay"):
        return _overlay_response(row)
    blob = _before(row, form) if kind == BEFORE else _made(row, kind, form)
    if blob is None:
        raise Http404("There is no such picture.")
    ending = "png" if blob.media_type == "image/png" else "jpg"
    asked = named and "download" in request.GET
    return stream(request, blob, filename=filename(row, f"{kind}.{ending}") if asked else "")


def _best(row: Restoration) -> str:
    """A photograph in colour already is repaired alone."""
    kinds = {each.kind for each in row.made}
    coloured = Rendition.Kind.INPAINTED_COLORIZED
    return str(coloured if coloured in kinds else Rendition.Kind.INPAINTED)


def _before(row: Restoration, form: str) -> Blob | None:
    return {"jpg": row.photo.display, "preview": row.photo.preview}.get(form)


def _made(row: Restoration, kind: str, form: str) -> Blob | None:
    made: Rendition | TonedPicture | None
    if kind.endswith(tones.SUFFIX):
        made = tones.picture(row, kind)
    else:
        made = next((each for each in row.made if each.kind == kind), None)
    field = ENDINGS.get(form)
    return getattr(made, field, None) if made and field else None


def filename(row: Restoration, ending: str) -> str:
    """The visitor's own file name, made safe, with what was done to it."""
    stem = PurePath(row.photo.title).stem.lstrip(".") or "photograph"
    try:
        return f"{get_valid_filename(stem)[:100]}.{ending}"
    except ValueError:  # a name of dots and slashes alone
        return f"photograph.{ending}"


def _tiff_response(row: Restoration, kind: str) -> HttpResponseBase:
    image = None if kind in (BEFORE, Rendition.Kind.MASK) else _made(row, kind, "png")
    if image is None:
        raise Http404("There is no such picture.")
    with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
        opened = _tiff(image, Path(folder)).open("rb")  # it outlives its name
    response = FileResponse(opened, as_attachment=True, filename=filename(row, f"{kind}.{TIFF}"))
    return _private(response, "image/tiff")


def _overlay_response(row: Restoration) -> HttpResponseBase:
    """What was found, in the colours of the classes, at full size."""
    if row.mask is None or row.mask.image is None:
        raise Http404("There is no such picture.")
    with tempfile.TemporaryDirectory(prefix="mask-") as folder:
        path = Path(folder) / "overlay.png"
        with storage.local_file(row.mask.image) as source:
            encode.full_overlay(source, path)
        opened = path.open("rb")
    return _private(FileResponse(opened), "image/png")


def _private(response: FileResponse, media_type: str) -> FileResponse:
    response["Content-Type"] = media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _tiff(image: Blob, folder: Path) -> Path:
    """Made when it is asked for: as large as the PNG, and rarely wanted."""
    path = folder / f"picture.{TIFF}"
    with storage.local_file(image) as source:
        encode.deep_tiff(source, path)
    return path


def archive(row: Restoration) -> HttpResponseBase:
    """All pictures in every form, stored without compressing them once more."""
    if not row.made:
        raise Http404("There are no results yet.")
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for kind, image, jpeg in _packable(row):
            for ending, blob in (("png", image), ("jpg", jpeg)):
                if blob is not None:
                    with storage.open_blob(blob) as source:
                        _add(packed, filename(row, f"{kind}.{ending}"), source)
            if image is not None and kind != Rendition.Kind.MASK:
                with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
                    path = _tiff(image, Path(folder))
                    packed.write(path, filename(row, f"{kind}.{TIFF}"))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=filename(row, "restored.zip"))


def _packable(row: Restoration) -> list[tuple[str, Blob | None, Blob | None]]:
    """(kind, PNG, JPEG) of every picture, those with tones last."""
    made = [(str(each.kind), each.image, each.jpeg) for each in row.made]
    toned = tones.pictures(row)
    return made + [(f"{each.kind}{tones.SUFFIX}", kept.image, kept.jpeg) for each, kept in toned]


def _add(packed: zipfile.ZipFile, name: str, source: BinaryIO) -> None:
    with packed.open(name, "w", force_zip64=True) as member:
        shutil.copyfileobj(source, member, storage.CHUNK)
