"""A picture with its tones: by channel, or by luma alone, and a little local contrast.

In strips, in the picture's own depth. Strength 0 gives the picture itself.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, enlarged, peak, shrunk
from pipeline.engine.pixels import luma as luma_of
from pipeline.engine.tones.curves import table
from pipeline.engine.tones.measuring import Tones
from training.imaging import colour

STRIP = 64  # rows
GRID = 48  # px: the long side of the copy that says how bright a neighbourhood is
LOCAL = 0.2  # of what differs from its neighbourhood is added, up to ...
SOFT = 0.1  # ... about LOCAL times this: more would draw halos along edges
NEUTRAL = 0.85  # of the chroma that a grey print has left: tint between the knots, and noise
Floats = NDArray[np.float32]


def toned(image: Picture, tones: Tones, strength: float, *, by_luma: bool = False) -> Picture:
    """The picture, of its own shape and type, `strength` 0..1 of the way to its curves.

    `image` is H x W or H x W x 3, uint8 or uint16. `by_luma` keeps every pixel's chroma: of what
    a network coloured, and of a sepia that shall stay. Strength 0 answers `image` itself.
    """
    if not 0 <= strength <= 1:
        raise ValueError("the strength of tones lies between 0 and 1")
    if strength == 0:
        return image
    top = int(peak(image))
    tables = [table(each, strength, top) for each in (tones.luma, *tones.channels)]
    around = neighbourhood(image)
    out = np.empty_like(image)
    for start in range(0, image.shape[0], STRIP):
        rows = slice(start, start + STRIP)
        part = image[rows]
        base = enlarged(around[..., None], image.shape[:2], (rows, slice(None)))[..., 0]
        kept = 1 - NEUTRAL * strength if tones.grey else 1.0
        out[rows] = _strip(part, base, tables, strength, None if by_luma else kept)
    return out


def neighbourhood(image: Picture) -> Floats:
    """Luma 0..1 of a copy at most GRID px long, h x w; `image` as in `toned`."""
    strips = [luma_of(image[top : top + STRIP]) for top in range(0, image.shape[0], STRIP)]
    return np.asarray(cv2.blur(shrunk(np.concatenate(strips), GRID), (3, 3)), np.float32)


def local(y: Floats, base: Floats, strength: float) -> Floats:
    """What is added to toned luma `y` among toned surroundings `base`, all N x M in 0..1.

    Nothing at black and white, so that nothing is clipped.
    """
    off = y - base
    soft = off / (1 + np.abs(off) / np.float32(SOFT))
    return np.asarray(np.float32(LOCAL * strength) * soft * 4 * y * (1 - y), np.float32)


def _strip(
    part: Picture, base: Floats, tables: list[Floats], strength: float, kept: float | None
) -> Picture:
    """`kept` is the share of chroma that stays after the channels' curves; None: luma alone."""
    top = peak(part)
    of_luma = tables[0]
    base = of_luma[np.rint(base * np.float32(top)).astype(np.intp)]
    if part.ndim == 2:
        y = of_luma[part]
        return _stored(y + local(y, base, strength), part)
    if kept is None:
        y = of_luma[np.rint(luma_of(part) * np.float32(top)).astype(np.intp)]
        y = y + local(y, base, strength)
        return _recoloured(part, y)
    values = np.stack([tables[1 + k][part[..., k]] for k in range(3)], axis=2)
    y = np.asarray(colour.luma(values), np.float32)
    values = y[..., None] + np.float32(kept) * (values - y[..., None])
    return _stored(values + local(y, base, strength)[..., None], part)


def _recoloured(part: Picture, y: Floats) -> Picture:
    ycc = colour.rgb_to_ycbcr(part.astype(np.float32) * np.float32(255 / peak(part)))
    merged = colour.merge_chroma(y * np.float32(255), ycc[..., 1], ycc[..., 2])
    return _stored(np.asarray(merged / np.float32(255), np.float32), part)


def _stored(values: Floats, like: Picture) -> Picture:
    pixels: Picture = np.rint(np.clip(values, 0, 1) * np.float32(peak(like))).astype(like.dtype)
    return pixels
