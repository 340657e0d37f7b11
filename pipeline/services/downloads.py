"""The pictures of a restoration as files: single ones, and all of them as a zip."""

import io
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
from photos.decoding import scans
from photos.file_names import LONGEST, fitted
from photos.models import Blob
from pipeline.imageio import encode
from pipeline.imageio.layers import Layers
from pipeline.imageio.marks import mark_jpeg, mark_png, of_transform
from pipeline.imageio.xmp import provenance
from pipeline.models import Rendition, Restoration

ENDINGS = {"png": "image", "jpg": "jpeg", "preview": "preview", "foreseen": "foreseen"}
TIFF = "tif"
BEST = "best"
Words = dict[str, str]
KEEP = "keep_metadata"
# (ending, media type) of what is made when it is asked for.
LAYERS = {
    ("repair", "png"): ("repair.png", "image/png"),
    ("layers", "ora"): ("ora", "image/openraster"),
}


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
    if (kind, form) in LAYERS:
        return _layer_response(row, *LAYERS[kind, form])
    if form == TIFF:
        return _tiff_response(row, kind, keep=KEEP in request.GET)
    if (kind, form) == ("mask", "overlay"):
        return _overlay_response(row)
    blob = _before(row, form) if kind == "before" else _made(row, kind, form)
    if blob is None:
        raise Http404("There is no such picture.")
    ending = "png" if blob.media_type == "image/png" else "jpg"
    if KEEP in request.GET and kind != "before" and form in ("png", "jpg"):
        return _kept_response(row, kind, ending, blob)
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
    made = next((each for each in row.made if each.kind == kind), None)
    field = ENDINGS.get(form)
    return getattr(made, field) if made and field else None


def filename(row: Restoration, ending: str) -> str:
    """The visitor's own file name, made safe, with what was done to it."""
    stem = PurePath(row.photo.title).stem.lstrip(".") or "photograph"
    try:
        return f"{fitted(get_valid_filename(stem), LONGEST - len(ending) - 1)}.{ending}"
    except ValueError:  # a name of dots and slashes alone
        return f"photograph.{ending}"


def _kept_response(row: Restoration, kind: str, ending: str, blob: Blob) -> HttpResponseBase:
    """The same picture with what the original says of itself, since somebody asked for it."""
    data = io.BytesIO(with_originals_words(row, kind, storage.read(blob), ending, _words(row)))
    name = filename(row, f"{kind}.{ending}")
    return _private(FileResponse(data, as_attachment=True, filename=name), blob.media_type)


def _words(row: Restoration) -> Words:
    """What the original says of itself; nothing where it can no longer be read."""
    try:
        return scans.words_of(row.photo)
    except scans.RefusedScan:
        return {}


def with_originals_words(
    row: Restoration, kind: str, data: bytes, ending: str, words: Words
) -> bytes:
    """A PNG or JPEG of ours with date, title, credit and copyright of the original; no place."""
    made = next(each for each in row.made if each.kind == kind)
    weights = [
        (stage, facts["sha256"])
        for stage, facts in made.report.get("weights", {}).items()
        if facts.get("sha256")
    ]
    marks = of_transform(row.photo.transform, provenance(kind, weights, words))
    return mark_png(data, marks) if ending == "png" else mark_jpeg(data, marks)


def _layer_response(row: Restoration, ending: str, media_type: str) -> HttpResponseBase:
    """The repair as a layer over the original, by itself or with all others."""
    found = {each.kind: each.image for each in row.made}
    working, repaired = row.photo.working, found.get(Rendition.Kind.INPAINTED)
    if working is None or repaired is None:
        raise Http404("There is no such picture.")
    layers = Layers(scans.read_working(working), of_transform(row.photo.transform))
    layers.add("inpainted", scans.read_working(repaired))
    coloured = found.get(Rendition.Kind.INPAINTED_COLORIZED)
    if coloured is not None and ending == "ora":
        layers.add("inpainted_colorized", scans.read_working(coloured))
    data = io.BytesIO(dict(layers.files(only=ending))[ending])
    name = filename(row, ending)
    return _private(FileResponse(data, as_attachment=True, filename=name), media_type)


def _tiff_response(row: Restoration, kind: str, *, keep: bool = False) -> HttpResponseBase:
    made = next((each for each in row.results if each.kind == kind), None)
    if made is None:
        raise Http404("There is no such picture.")
    with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
        opened = _tiff(made, Path(folder), row if keep else None).open("rb")  # outlives its name
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


def _tiff(made: Rendition, folder: Path, keep_of: Restoration | None = None) -> Path:
    """Made when it is asked for: as large as the PNG, and rarely wanted."""
    if made.image is None:
        raise Http404("There is no such picture.")
    path = folder / f"{made.kind}.{TIFF}"
    with storage.local_file(made.image) as source:
        if keep_of is not None:
            words = _words(keep_of)
            data = with_originals_words(keep_of, made.kind, source.read_bytes(), "png", words)
            source = folder / "marked.png"
            source.write_bytes(data)
        encode.deep_tiff(source, path)
    return path


def archive(row: Restoration, *, keep: bool = False) -> HttpResponseBase:
    """All pictures in every form, stored without compressing them once more."""
    made: list[Rendition] = row.made
    if not made:
        raise Http404("There are no results yet.")
    words = _words(row) if keep else {}
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for rendition in made:
            for ending, field in (("png", "image"), ("jpg", "jpeg")):
                blob = getattr(rendition, field)
                if blob is None:
                    continue
                name = filename(row, f"{rendition.kind}.{ending}")
                if keep:
                    data = storage.read(blob)
                    packed.writestr(
                        name, with_originals_words(row, rendition.kind, data, ending, words)
                    )
                    continue
                with storage.open_blob(blob) as source:
                    _add(packed, name, source)
        for rendition in row.results:
            with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
                path = _tiff(rendition, Path(folder), row if keep else None)
                packed.write(path, filename(row, f"{rendition.kind}.{TIFF}"))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=filename(row, "restored.zip"))


def _add(packed: zipfile.ZipFile, name: str, source: BinaryIO) -> None:
    with packed.open(name, "w", force_zip64=True) as member:
        shutil.copyfileobj(source, member, storage.CHUNK)
