"""Stage 3: colour from a small copy, joined to the picture's own luma at full size."""

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from pipeline.engine.networks import Network
from pipeline.engine.pixels import Picture, luma, peak
from pipeline.engine.progress import Progress, silent
from training.imaging import colour
from training.imaging.colour_views import FOUR, SIDE, TWO, predict_chroma

STRIP = 64  # rows whose float planes fit a processor's cache: three times faster than 512


def colourise(
    image: Picture,
    network: Network,
    *,
    careful: bool = False,
    side: int = SIDE,
    progress: Progress = silent,
) -> Picture:
    """H x W x 3 of the picture's type: its luma with the network's chroma.

    Chroma is predicted on a copy of at most `side` px from several views, four if `careful` (see
    `training.imaging.colour_views`), and enlarged by bicubic interpolation; it is shortened where
    it would leave the gamut, so luma moves by less than half a step.
    """
    progress(0.0, said("engine.colouring"))
    views = FOUR if careful else TWO
    chroma = predict_chroma(network.run, whole_luma(image), views, side=side)
    wide, down = _enlargers(chroma, image.shape[0], image.shape[1])
    out = np.empty((*image.shape[:2], 3), image.dtype)
    for top in range(0, image.shape[0], STRIP):
        progress(0.5 + 0.5 * top / image.shape[0], said("engine.joining"))
        rows = slice(top, top + STRIP)
        out[rows] = joined(image[rows], _rows(wide, down[rows]))
    return out


def whole_luma(image: Picture) -> NDArray[np.float32]:
    """Y of the whole picture in 0..1, made in strips: RGB floats of a large scan are huge."""
    if image.ndim == 2:
        return luma(image)
    strips = [luma(image[top : top + STRIP]) for top in range(0, image.shape[0], STRIP)]
    return np.concatenate(strips)


def _enlargers(
    chroma: NDArray[np.float32], height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Chroma at full width, and the H x h matrix that enlarges it downwards (bicubic)."""
    wide = cv2.resize(chroma, (width, chroma.shape[0]), interpolation=cv2.INTER_CUBIC)
    unit = np.eye(chroma.shape[0], dtype=np.float32)
    down = cv2.resize(unit, (chroma.shape[0], height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(wide, np.float32), np.asarray(down, np.float32).reshape(height, -1)


def _rows(wide: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
    """A strip of enlarged chroma; only the few small rows that it needs are read."""
    used = np.flatnonzero(np.abs(down).max(axis=0))
    band = slice(int(used[0]), int(used[-1]) + 1)
    strip = down[:, band] @ wide[band].reshape(band.stop - band.start, -1)
    return np.asarray(strip.reshape(len(down), wide.shape[1], 2), np.float32)


def joined(part: Picture, chroma: NDArray[np.float32]) -> Picture:
    """A strip H x W or H x W x 3 with chroma H x W x 2 around 0, in steps of 8 bits; Y stays."""
    cb, cr = chroma[..., 0] + 128, chroma[..., 1] + 128
    if part.ndim == 2:
        return colour.merge_chroma(part, cb, cr)
    y = luma(part) * np.float32(255)
    merged = np.asarray(colour.merge_chroma(y, cb, cr), np.float32)
    pixels: Picture = np.rint(merged * np.float32(peak(part) / 255)).astype(part.dtype)
    return pixels
