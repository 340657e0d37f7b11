"""What a result's file says beside its pixels: resolution and provenance, put into the bytes.

libvips writes 25.4 dpi where it knows none: that is taken out again.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from photos.decoding.tiff.directories import UNIT, offset_of_value

SIGNATURE = 8  # bytes in front of a PNG's chunks
XMP_PNG = b"XML:com.adobe.xmp\0\0\0\0\0"
XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
MOST_SEGMENT = 65_533  # bytes of a JPEG segment behind its length
METRE = 0.0254  # of an inch


@dataclass(frozen=True)
class Marks:
    """Nothing is said of what is not known."""

    dpi: tuple[float, float] | None = None
    """Pixels an inch of the original, across and down."""
    xmp: bytes = b""


BARE = Marks()


def of_transform(transform: dict[str, Any], xmp: bytes = b"") -> Marks:
    """The marks of what was made from a scan; `transform` is the decoder's word on it."""
    dpi = transform.get("dpi")
    return Marks((float(dpi[0]), float(dpi[1])) if dpi else None, xmp)


def mark_png(data: bytes, marks: Marks = BARE) -> bytes:
    """The PNG with these marks alone: others of their kinds are taken out."""
    out = io.BytesIO()
    out.write(data[:SIGNATURE])
    at = SIGNATURE
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if name == b"IDAT":
            out.write(_png_chunks(marks))
            out.write(data[at:])
            break
        if name not in (b"pHYs", b"iTXt"):
            out.write(data[at:end])
        at = end
    return out.getvalue()


def _png_chunks(marks: Marks) -> bytes:
    made = b""
    if marks.dpi:
        across, down = (round(each / METRE) for each in marks.dpi)
        made += _chunk(b"pHYs", struct.pack(">IIB", across, down, 1))
    if marks.xmp:
        made += _chunk(b"iTXt", XMP_PNG + marks.xmp)
    return made


def _chunk(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def mark_jpeg(data: bytes, marks: Marks = BARE) -> bytes:
    """The JPEG with these marks alone: the density of a JFIF head, and an XMP segment."""
    density = struct.pack(">BHH", 0, 1, 1)
    if marks.dpi:
        density = struct.pack(">BHH", 1, *(round(each) for each in marks.dpi))
    head = b"\xff\xe0\x00\x10JFIF\0\x01\x02" + density + b"\0\0"
    return data[:2] + head + _xmp_segment(marks.xmp) + _without_marks(data[2:])


def _without_marks(rest: bytes) -> bytes:
    """The segments behind the first mark, less those that this module writes."""
    while rest[4:9] == b"JFIF\0" or rest[4 : 4 + len(XMP_JPEG)] == XMP_JPEG:
        rest = rest[2 + struct.unpack(">H", rest[2:4])[0] :]
    return rest


def _xmp_segment(xmp: bytes) -> bytes:
    body = XMP_JPEG + xmp
    if not xmp or len(body) > MOST_SEGMENT:
        return b""
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def vips_marked(image: Any, marks: Marks) -> Any:
    """For libvips' TIFF writer, with `keep` of "icc|xmp"."""
    import pyvips

    if marks.dpi:
        across, down = (each / 25.4 for each in marks.dpi)
        image = image.copy(xres=across, yres=down)
    image = image.copy()
    if marks.xmp:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", marks.xmp)
    return image


def without_unit(data: bytes) -> bytes:
    """A TIFF that claims no resolution: its unit is "none", so its numbers are a shape alone."""
    at = offset_of_value(io.BytesIO(data), UNIT)
    if at is None:
        return data
    order = "<" if data[:2] == b"II" else ">"
    return data[:at] + struct.pack(order + "H", 1) + data[at + 2 :]
