"""The pictures of a restoration as files: single ones, and all of them as a zip."""

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import get_valid_filename

from config.errors import Refused
from photos import storage
from photos.blob_responses import stream
from photos.decoding import scans
from photos.file_names import ENDING, LONGEST, assigned, fitted
from photos.models import Blob
from pipeline.imageio import encode
from pipeline.imageio.layers import Layers
from pipeline.imageio.marks import mark_jpeg, mark_png, of_transform
from pipeline.models import Rendition, Restoration, TonedPicture
from pipeline.services.adjusting import tones
from pipeline.services.rendering import keeping

ENDINGS = {"png": "image", "jpg": "jpeg", "preview": "preview", "foreseen": "foreseen"}
TIFF = "tif"
BEST, BEFORE = "best", "before"
Words = dict[str, str]
KEEP = "keep_metadata"
MOST_BYTES = 4_000_000_000  # of pictures in one ZIP of several photographs
KIND_NAMES = {
    str(kind): str(kind.label).replace(" ", "_")
    for kind in (
        Rendition.Kind.INPAINTED,
        Rendition.Kind.INPAINTED_COLORIZED,
        Rendition.Kind.COLORIZED,
    )
}
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
    blob = _before(row, form) if kind == BEFORE else _made(row, kind, form)
    if blob is None:
        raise Http404("There is no such picture.")
    ending = "png" if blob.media_type == "image/png" else "jpg"
    if KEEP in request.GET and kind != BEFORE and form in ("png", "jpg"):
        return _kept_response(row, kind, ending, blob)
    asked = named and "download" in request.GET
    return stream(request, blob, filename=picture_name(row, kind, ending) if asked else "")


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
    stem = ENDING.sub("", row.photo.title).lstrip(".") or "photograph"
    try:
        plain = re.sub("__+", "_", get_valid_filename(stem))  # "Otto & Emil" has one gap
        return f"{fitted(plain, LONGEST - len(ending) - 1)}.{ending}"
    except ValueError:  # a name of dots and slashes alone
        return f"photograph.{ending}"


def _kept_response(row: Restoration, kind: str, ending: str, blob: Blob) -> HttpResponseBase:
    """The same picture with what the original says of itself, since somebody asked for it."""
    data = io.BytesIO(with_originals_words(row, kind, storage.read(blob), ending, _words(row)))
    name = picture_name(row, kind, ending)
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
    of = kind.removesuffix(tones.SUFFIX)
    marks = keeping.marks_of(next(each for each in row.made if each.kind == of), words)
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
    image = None if kind in (BEFORE, Rendition.Kind.MASK) else _made(row, kind, "png")
    if image is None:
        raise Http404("There is no such picture.")
    with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
        data = _kept(row, kind, "png", image, _words(row) if keep else None)
        opened = _tiff(data, Path(folder)).open("rb")  # it outlives its name
    response = FileResponse(opened, as_attachment=True, filename=picture_name(row, kind, TIFF))
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


def _kept(
    row: Restoration, kind: str, ending: str, blob: Blob, words: Words | None
) -> bytes | Blob:
    """The picture as it is stored, or its bytes with the original's words."""
    if words is None:
        return blob
    return with_originals_words(row, kind, storage.read(blob), ending, words)


def _tiff(image: Blob | bytes, folder: Path) -> Path:
    """Made when it is asked for: as large as the PNG, and rarely wanted."""
    path = folder / f"picture.{TIFF}"
    if isinstance(image, bytes):
        source = folder / "marked.png"
        source.write_bytes(image)
        encode.deep_tiff(source, path)
        return path
    with storage.local_file(image) as source:
        encode.deep_tiff(source, path)
    return path


def archive(row: Restoration, *, keep: bool = False) -> HttpResponseBase:
    """All pictures in every form, stored without compressing them once more."""
    if not row.made:
        raise Http404("There are no results yet.")
    words = _words(row) if keep else None
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for kind, image, jpeg in _packable(row):
            for ending, blob in (("png", image), ("jpg", jpeg)):
                if blob is not None:
                    data = _kept(row, kind, ending, blob, words)
                    _add(packed, picture_name(row, kind, ending), data)
            if image is not None and kind != Rendition.Kind.MASK:
                with tempfile.TemporaryDirectory(prefix="tiff-") as folder:
                    path = _tiff(_kept(row, kind, "png", image, words), Path(folder))
                    packed.write(path, picture_name(row, kind, TIFF))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=filename(row, "restored.zip"))


def archive_of(
    rows: Sequence[Restoration], name: str, most: float = MOST_BYTES
) -> HttpResponseBase:
    """Every result of several photographs as PNG and JPEG; no two names are one.

    Raises Refused where they are more than `most` bytes.
    """
    if not rows:
        raise Http404("There are no results yet.")
    if sum(blob.size for row in rows for blob in _blobs(row)) > most:
        raise Refused("Together they are too large for one file: fetch each from its own page.")
    titles = {row.pk: (filename(row, "png")[:-4], str(row.pk)[:8]) for row in rows}
    folders = assigned({pk: (stem, f"{stem}-{short}") for pk, (stem, short) in titles.items()})
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for row in rows:
            for made in row.results:
                for ending, blob in (("png", made.image), ("jpg", made.jpeg)):
                    if blob is not None:
                        _add(
                            packed,
                            f"{folders[row.pk]}/{picture_name(row, made.kind, ending)}",
                            blob,
                        )
    out.seek(0)
    return _private(FileResponse(out, as_attachment=True, filename=name), "application/zip")


def _blobs(row: Restoration) -> list[Blob]:
    return [blob for made in row.results for blob in (made.image, made.jpeg) if blob is not None]


def picture_name(row: Restoration, kind: str, ending: str) -> str:
    """A download's name, with the word that the page has for the picture."""
    of, toned = kind.removesuffix(tones.SUFFIX), kind.endswith(tones.SUFFIX)
    words = KIND_NAMES.get(of, of) + ("_with_tones" if toned else "")
    return filename(row, f"{words}.{ending}")


def _packable(row: Restoration) -> list[tuple[str, Blob | None, Blob | None]]:
    """(kind, PNG, JPEG) of every picture, those with tones last."""
    made = [(str(each.kind), each.image, each.jpeg) for each in row.made]
    toned = tones.pictures(row)
    return made + [(f"{each.kind}{tones.SUFFIX}", kept.image, kept.jpeg) for each, kept in toned]


def _add(packed: zipfile.ZipFile, name: str, data: Blob | bytes) -> None:
    if isinstance(data, bytes):
        packed.writestr(name, data)
        return
    with storage.open_blob(data) as source, packed.open(name, "w", force_zip64=True) as member:
        shutil.copyfileobj(source, member, storage.CHUNK)
