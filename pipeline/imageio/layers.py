"""The repair as a layer: a picture that is clear but for what changed, and OpenRaster.

OpenRaster (https://www.openraster.org, 0.0.5) is a ZIP of PNGs with a list of layers; GIMP,
Krita and MyPaint open it.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from pipeline.imageio.encode import png
from pipeline.imageio.marks import BARE, Marks, mark_png

MIME = b"image/openraster"
THUMBNAIL = 256  # px, as the format wants
# A ZIP keeps a time for each member: always this one, so that the same layers give the same bytes.
TIME = (1980, 1, 1, 0, 0, 0)
Pixels = NDArray[Any]


class Layers:
    """Gathers the results of one photograph and writes its layers."""

    def __init__(self, original: Pixels, marks: Marks = BARE) -> None:
        self.original, self.marks = original, marks
        self.repair: bytes | None = None
        self.coloured: bytes | None = None

    def add(self, kind: str, pixels: Pixels) -> None:
        """Of a rendition's kind; what is no layer is left out."""
        if kind == "inpainted":
            self.repair = layer_png(repair_layer(self.original, pixels), self.marks)
        elif kind == "inpainted_colorized":
            self.coloured = png(pixels)

    def files(self, only: str = "") -> Iterator[tuple[str, bytes]]:
        """(ending, bytes) of the repair by itself and of all layers together, or of one."""
        if self.repair is None:
            return
        yield "repair.png", self.repair
        if only == "repair.png":
            return
        layers = [("Original", png(self.original)), ("Repair", self.repair)]
        if self.coloured is not None:
            layers.append(("Colour", self.coloured))
        yield "ora", open_raster(layers, self.original.shape[1::-1], self.marks.dpi)


def repair_layer(original: Pixels, repaired: Pixels) -> Pixels:
    """H x W x 4 (or 2 for greys) of the pictures' type: `repaired` where it differs, else clear.

    Raises ValueError where the two have different shapes or types.
    """
    if original.shape != repaired.shape or original.dtype != repaired.dtype:
        raise ValueError("the repair is no repair of this original")
    planes = repaired if repaired.ndim == 3 else repaired[..., None]
    changed = (planes != original.reshape(planes.shape)).any(axis=2, keepdims=True)
    cover = changed * np.array(np.iinfo(planes.dtype).max, planes.dtype)
    return np.concatenate([planes * changed.astype(planes.dtype), cover], axis=2)


def layer_png(layer: Pixels, marks: Marks = BARE) -> bytes:
    """A layer with its transparency as PNG, 8 or 16 bits, in sRGB."""
    import pyvips

    deep = layer.dtype == np.uint16
    kinds = {True: ("grey16", "rgb16"), False: ("b-w", "srgb")}[deep]
    image = pyvips.Image.new_from_array(np.ascontiguousarray(layer))
    image = image.copy(interpretation=kinds[layer.shape[2] > 2])
    colour = layer.shape[2] > 2
    options = {"keep": "icc", "profile": "srgb"} if colour else {"keep": "none"}
    return mark_png(image.pngsave_buffer(compression=4, **options), marks)


def open_raster(
    layers: Sequence[tuple[str, bytes]], size: tuple[int, int], dpi: tuple[float, float] | None
) -> bytes:
    """Layers (name, PNG) from the lowest up, of width and height `size`, as one file."""
    out = io.BytesIO()
    files = [(f"data/layer{k}.png", name, data) for k, (name, data) in enumerate(layers)]
    merged = _merged([data for _, _, data in files])
    with zipfile.ZipFile(out, "w") as packed:
        _add(packed, "mimetype", MIME)  # first, and stored: this is how it is known
        _add(packed, "stack.xml", _stack(files, size, dpi).encode())
        for path, _, data in files:
            _add(packed, path, data)
        _add(packed, "mergedimage.png", _png(merged))
        scale = min(1.0, THUMBNAIL / max(size))
        _add(packed, "Thumbnails/thumbnail.png", _png(_eight(merged.resize(scale))))
    return out.getvalue()


def _stack(
    files: Sequence[tuple[str, str, bytes]],
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
) -> str:
    lines = [
        f'<layer name={quoteattr(name)} src="{path}" x="0" y="0" opacity="1.0" '
        'visibility="visible" composite-op="svg:src-over"/>'
        for path, name, _ in reversed(files)  # the format begins at the top
    ]
    resolution = f' xres="{round(dpi[0])}" yres="{round(dpi[1])}"' if dpi else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<image version="0.0.5" w="{size[0]}" h="{size[1]}"{resolution}>'
        f"<stack>{''.join(lines)}</stack></image>\n"
    )


def _merged(pngs: Sequence[bytes]) -> Any:
    """What all layers show together, kept at their depth; clear ones keep what is below."""
    import pyvips

    below = pyvips.Image.pngload_buffer(pngs[0])
    for data in pngs[1:]:
        above = pyvips.Image.pngload_buffer(data)
        if not above.hasalpha():
            below = above
            continue
        cover, picture = above[above.bands - 1], above.extract_band(0, n=above.bands - 1)
        if picture.bands < below.bands:
            picture = picture.bandjoin([picture] * (below.bands - picture.bands))
        below = (cover > 0).ifthenelse(picture, below)
    return below


def _eight(image: Any) -> Any:
    if image.format != "ushort":
        return image.cast("uchar")
    return (
        (image / 257).rint().cast("uchar").copy(interpretation="srgb" if image.bands > 2 else "b-w")
    )


def _png(image: Any) -> bytes:
    return mark_png(image.pngsave_buffer(compression=4, keep="icc"))


def _add(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    packed.writestr(zipfile.ZipInfo(name, TIME), data, zipfile.ZIP_STORED)
