"""How many pixels of a scan made an inch of the print: what the file says, or nothing. Pure."""

import io
import struct
from pathlib import Path
from typing import Any

from photos.decoding.tiff.directories import UNIT, X_RESOLUTION, Y_RESOLUTION, Directory, first_of

CENTIMETRES = 2.54  # in an inch
NOT_KNOWN = 25.4  # what libvips writes where it does not know
LEAST, MOST = 10.0, 30_000.0  # dpi that a scanner or camera may mean
HEADER_BYTES = 1 << 20  # where JPEG and PNG say it
Dpi = tuple[float, float]


def resolution(path: Path, kind: str, directory: Directory | None, image: Any) -> Dpi | None:
    """Dots an inch across and down as stored (before any turning); None where it is not told.

    `image` is libvips', for what the file's EXIF says where its container does not.
    """
    if kind == "tiff":
        return of_directory(directory) if directory else None
    found = None
    if kind in ("jpeg", "png"):
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
        found = _of_jfif(head) if kind == "jpeg" else _of_png(head)
    elif image.get_typeof("heirloom-dpi"):
        across, down = map(float, image.get("heirloom-dpi").split())
        found = _meant(across, down)
    return found or _of_exif(image)


def of_directory(directory: Directory) -> Dpi | None:
    """Of a TIFF's directory, or of EXIF's, which is one."""
    across, down = (directory.tags.get(tag, (0.0,))[0] for tag in (X_RESOLUTION, Y_RESOLUTION))
    factor = {2: 1.0, 3: CENTIMETRES}.get(directory.one(UNIT, 2), 0.0)
    return _meant(across * factor, (down or across) * factor)


def _of_exif(image: Any) -> Dpi | None:
    if not image.get_typeof("exif-data"):
        return None
    data = bytes(image.get("exif-data"))
    found = first_of(io.BytesIO(data[6:] if data[:4] == b"Exif" else data))
    return of_directory(found) if found else None


def _of_jfif(head: bytes) -> Dpi | None:
    if head[2:4] != b"\xff\xe0" or head[6:11] != b"JFIF\0" or len(head) < 18:
        return None
    unit, across, down = struct.unpack(">BHH", head[13:18])
    factor = {1: 1.0, 2: CENTIMETRES}.get(unit, 0.0)
    return _meant(across * factor, down * factor)


def _of_png(head: bytes) -> Dpi | None:
    from photos.decoding.png_chunks import chunks

    data = next((data for name, data in chunks(head) if name == b"pHYs" and len(data) == 9), None)
    if data is None:
        return None
    across, down, unit = struct.unpack(">IIB", data)
    return _meant(across * 0.0254, down * 0.0254) if unit == 1 else None


def _meant(across: float, down: float) -> Dpi | None:
    """Nothing that no device has, and nothing that is libvips' word for not knowing."""
    unknown = abs(across - NOT_KNOWN) < 0.05 and abs(down - NOT_KNOWN) < 0.05
    if unknown or not (LEAST <= across <= MOST and LEAST <= down <= MOST):
        return None
    return round(across, 3), round(down, 3)
