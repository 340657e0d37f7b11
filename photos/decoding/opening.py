"""A stranger's file opened, its header checked; pixels follow when they are asked for.

Only inside the decoder's child: nothing here is confined by itself.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from config.words.pairs import Said, said
from photos.decoding.formats import NAMES, Refusal, Unsupported
from photos.decoding.pillow_reading import FORMATS, open_by_pillow
from photos.decoding.png_chunks import Primaries, gamma_of, is_animated, primaries_of
from photos.decoding.scanner.resolution import HEADER_BYTES, Dpi, resolution
from photos.decoding.tiff import reading as tiff_reading
from photos.decoding.tiff.photographs import MOST_PHOTOGRAPHS

SEVERAL = "heirloom-pictures"  # of a HEIC that holds more than its main one
# What pillow-heif turns libheif's complaints into.
HEIC_ERRORS = (ValueError, OSError, RuntimeError, EOFError, SyntaxError)


@dataclass(frozen=True)
class Limits:
    megapixels: float = 250
    side: int = 60_000
    bands: int = 4
    photographs: int = MOST_PHOTOGRAPHS
    words: bool = False  # also what the original says of itself: somebody asked for it
    rotate: int = 0  # degrees clockwise: 0, 90, 180 or 270
    negative: str = ""  # "bw" or "colour": made positive by its own base
    crop: bool = False  # straightened and cropped to the print, where one stands out
    frame: dict[str, float] | None = None  # cut to this one, as `Frame.said` has it
    page: int = 1  # which photograph of a file of several
    heic: bool = True
    salvage: bool = False  # read what is there of a file that ends too early
    memory: int = 2 << 30
    cpu_seconds: int = 120
    file_bytes: int = 4 << 30


@dataclass(frozen=True)
class Opened:
    """A file's picture before any pixel, and what its header says of it."""

    image: Any
    kind: str
    chosen: tiff_reading.Chosen | None = None
    """Of a TIFF: which of its pictures, and what its channels are."""
    dpi: Dpi | None = None
    gamma: float | None = None
    """Of a PNG without a profile, where its samples are not sRGB's."""
    primaries: Primaries | None = None
    """Of a PNG without a profile, where its colours are not sRGB's."""


def check_header(
    image: Any, kind: str, limits: Limits, chosen: tiff_reading.Chosen | None = None
) -> None:
    """Looks at the header alone; not one pixel is decoded before this has passed."""
    name = NAMES[kind]
    bands = image.bands - len(chosen.extra) if chosen else image.bands
    check_size(name, image.width, image.height, bands, limits)
    pages = field_of(image, "n-pages", 1)
    if pages > 1 and kind in ("webp", "png"):
        raise Unsupported(said("scan.animation", name=name, count=pages))
    if image.format not in ("uchar", "ushort") and image.interpretation not in ("lab", "labs"):
        raise Unsupported(said("scan.samples", name=name, kind=str(image.format)))


def check_size(name: str, width: int, height: int, bands: int, limits: Limits) -> None:
    """Refuses more than is decoded here."""
    if max(width, height) > limits.side:
        limit = limits.side
        raise Refusal(said("scan.too-long", name=name, width=width, height=height, limit=limit))
    megapixels = width * height / 1e6
    if megapixels > limits.megapixels:
        raise Refusal(too_large(name, megapixels, limits))
    if bands > limits.bands:
        raise Unsupported(said("scan.channels", name=name, count=bands, limit=limits.bands))


def too_large(name: str, megapixels: float, limits: Limits) -> Said:
    limit = limits.megapixels
    return said("scan.too-large", name=name, megapixels=megapixels, limit=limit)


def open_scan(path: Path, kind: str, limits: Limits, fail_on: str = "error") -> Opened:
    """The file's photograph. Raises Refusal, Unsupported or pyvips.Error."""
    chosen = tiff_reading.choose(path, limits.page, limits.photographs) if kind == "tiff" else None
    if limits.page > 1 and chosen is None:
        raise Refusal(said("scan.one-alone"))
    image = _image(path, kind, chosen, limits, fail_on)
    directory = chosen.directory if chosen else None
    dpi = resolution(path, kind, directory, image)
    if kind != "png":
        return Opened(image, kind, chosen, dpi)
    head = _head(path)
    if is_animated(head):
        raise Unsupported(said("scan.moving-png"))
    return Opened(image, kind, chosen, dpi, gamma_of(head), primaries_of(head))


def _image(
    path: Path, kind: str, chosen: tiff_reading.Chosen | None, limits: Limits, fail_on: str
) -> Any:
    import pyvips

    if kind == "heic":
        return _open_heic(path, limits)
    if kind in FORMATS:
        check = partial(check_size, NAMES[kind], limits=limits)
        return open_by_pillow(path, kind, check, salvage=limits.salvage)
    options: dict[str, Any] = {"fail_on": "none" if limits.salvage else fail_on}
    read = partial(pyvips.Image.new_from_file, str(path))
    if chosen:
        one = chosen.directory
        check_size("TIFF", *one.size, chosen.colours, limits)
        read = partial(tiff_reading.load, path, one)
    image = read(**options)
    check_header(image, kind, limits, chosen)
    # A turned picture is read from bottom or side: that needs random access.
    if field_of(image, "orientation", 1) == 1 and not (
        limits.rotate or limits.crop or limits.frame
    ):
        image = read(access="sequential", **options)
    return image


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER_BYTES)


def _open_heic(path: Path, limits: Limits) -> Any:
    """HEIC through pillow-heif, whose size is known before a pixel is decoded."""
    import numpy as np
    import pyvips

    if not limits.heic:
        raise Refusal(said("scan.heic-off"))
    import pillow_heif

    try:
        heif = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        header = pyvips.Image.black(1, 1, bands=len(heif.mode.split(";")[0])).copy()
        megapixels = heif.size[0] * heif.size[1] / 1e6
        if megapixels > limits.megapixels or max(heif.size) > limits.side:
            raise Refusal(too_large("HEIC", megapixels, limits))
        image = pyvips.Image.new_from_array(np.ascontiguousarray(np.asarray(heif)))
    except IndexError as error:
        raise Refusal(said("scan.heic-without-picture")) from error
    except HEIC_ERRORS as error:
        raise Refusal(said("scan.heic-unreadable", detail=str(error)[:120].rstrip("."))) from error
    deep = image.format == "ushort"
    kinds = {1: "grey16" if deep else "b-w"}
    image = image.copy(interpretation=kinds.get(header.bands, "rgb16" if deep else "srgb"))
    if len(heif) > 1:
        image.set_type(pyvips.GValue.gint_type, SEVERAL, len(heif))
    profile = heif.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def field_of(image: Any, name: str, default: int) -> int:
    return int(image.get(name)) if image.get_typeof(name) else default
