"""BMP, PPM, GIF, JPEG 2000 and AVIF by Pillow: only inside the decoder's child, header first."""

from pathlib import Path
from typing import Any

from config.words.pairs import said
from photos.decoding.formats import NAMES, Refusal, Unsupported

FORMATS = {"bmp": "BMP", "ppm": "PPM", "gif": "GIF", "jp2": "JPEG2000", "avif": "AVIF"}
# What Pillow's plugins raise on files that are none.
ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
)
PROFILE = "icc_profile"


def open_by_pillow(path: Path, kind: str, check: Any, *, salvage: bool = False) -> Any:
    """A pyvips image of 8 or 16 bits with its profile; `check(width, height, bands)` raises.

    Not one pixel is decoded before the check. Raises Refusal with the reason.
    """
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = salvage
    Image.MAX_IMAGE_PIXELS = None  # our own limit is looked at first
    name = NAMES[kind]
    try:
        with Image.open(path, formats=[FORMATS[kind]]) as picture:
            frames = getattr(picture, "n_frames", 1)
            if frames > 1:
                raise Unsupported(said("scan.animation", name=name, count=frames))
            check(*picture.size, len(picture.getbands()))
            return _as_vips(picture, name)
    except ERRORS as error:
        early = "truncated" in str(error).lower()
        why = said("scan.truncated", name=name) if early else said("scan.damaged", name=name)
        raise Refusal(why) from error


def _as_vips(picture: Any, name: str) -> Any:
    import numpy as np
    import pyvips

    profile, dpi = picture.info.get(PROFILE), picture.info.get("dpi")
    deep = picture.mode.startswith("I")
    if picture.mode == "F":
        raise Unsupported(said("scan.float-samples", name=name))
    pixels = np.asarray(picture if deep else _plain(picture))
    if deep:
        if pixels.size and (pixels.min() < 0 or pixels.max() > 65535):
            raise Unsupported(said("scan.deep", name=name))
        pixels = pixels.astype(np.uint16)
    image = pyvips.Image.new_from_array(np.ascontiguousarray(pixels))
    kinds = {1: "grey16" if deep else "b-w", 2: "b-w"}
    image = image.copy(interpretation=kinds.get(image.bands, "rgb16" if deep else "srgb"))
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", bytes(profile))
    if dpi and kind_has_dpi(dpi):
        image.set_type(pyvips.GValue.gstr_type, "heirloom-dpi", f"{dpi[0]} {dpi[1]}")
    return image


def kind_has_dpi(dpi: Any) -> bool:
    """A pair of resolutions that mean something."""
    return len(dpi) == 2 and all(0 < float(each) < 100_000 for each in dpi)


def _plain(picture: Any) -> Any:
    """Palettes and bits expanded, transparency kept."""
    if picture.mode in ("L", "RGB", "RGBA", "LA"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode == "P":
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture.convert("RGB")
