"""Ways to spoil a picture on purpose, for ballots with a right answer. Pure pixels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from . import missed

Pixels = NDArray[np.uint8]
CRUSHED, JPEG, BLUR, HUE, HALF = "crushed", "jpeg", "blur", "hue", "half"
MISSED = "missed"
SAID = {
    CRUSHED: "its detail and most of its tones are gone",
    JPEG: "it is full of compression blocks",
    BLUR: "it is blurred",
    HUE: "its colours are shifted",
    HALF: "half of the damage is still there",
    MISSED: "a third of the damage was not found",
}
LEAST_REPAIR = 0.002  # share of pixels that a repair must have changed, to undo half of it
QUALITY = 10
# Annex K of the JPEG standard, the luminance table.
TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=np.float64,
)


def choose(
    pixels: Pixels, original: Pixels | None, *, coloured: bool, rng: np.random.Generator
) -> str:
    """A flaw that shows in this picture."""
    fitting: Sequence[str] = [JPEG, BLUR]
    if coloured and _colourful(pixels):
        fitting = [*fitting, HUE]
    elif not coloured and original is not None and _repaired(pixels, original) > LEAST_REPAIR:
        fitting = [*fitting, HALF]
    return str(rng.choice(fitting))


def spoil(pixels: Pixels, flaw: str, original: Pixels | None = None) -> Pixels:
    """The picture with the flaw: height x width x 3, 8 bits, as given."""
    if flaw == HALF and original is not None:
        return _half(pixels, original)
    if flaw == MISSED and original is not None:
        return missed.without_a_third(pixels, original)
    return {CRUSHED: _crushed, JPEG: _jpeg, BLUR: _blur, HUE: _hue}[flaw](pixels)


def _crushed(pixels: Pixels) -> Pixels:
    """A quarter of the detail, sixteen tones."""
    height, width = pixels.shape[:2]
    quarter = (max(1, width // 4), max(1, height // 4))
    small = cv2.resize(pixels, quarter, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft // 16 * 16 + 8, dtype=np.uint8)


def _jpeg(pixels: Pixels) -> Pixels:
    """Blocks of 8 x 8 quantised as JPEG of quality 10 would; no file is written or read."""
    height, width = pixels.shape[:2]
    padded = np.pad(pixels, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // 8, 8, padded.shape[1] // 8, 8, 3) - 128.0
    steps = np.clip(TABLE * (5000 / QUALITY) / 100, 1, 255)[None, :, None, :, None]
    waves = scipy.fft.dctn(blocks, axes=(1, 3), norm="ortho")
    back = scipy.fft.idctn(np.rint(waves / steps) * steps, axes=(1, 3), norm="ortho") + 128.0
    whole = np.clip(np.rint(back), 0, 255).astype(np.uint8).reshape(padded.shape)
    return np.ascontiguousarray(whole[:height, :width])


def _blur(pixels: Pixels) -> Pixels:
    sigma = max(1.5, 0.004 * max(pixels.shape[:2]))
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), dtype=np.uint8)


def _hue(pixels: Pixels) -> Pixels:
    """A third of the colour circle further, and more colour."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int32) + 60) % 180
    hsv[..., 1] = np.clip(hsv[..., 1].astype(np.float32) * 1.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), dtype=np.uint8)


def _changed(pixels: Pixels, original: Pixels) -> NDArray[np.bool_]:
    difference = np.abs(pixels.astype(np.int16) - original.astype(np.int16))
    return np.asarray(difference.max(axis=2) > 8)


def _half(pixels: Pixels, original: Pixels) -> Pixels:
    """The damage is back on one side of the middle of all repairs."""
    changed = _changed(pixels, original)
    columns = np.flatnonzero(changed.any(axis=0))
    counts = changed.sum(axis=0)[columns].cumsum()
    middle = columns[int(np.searchsorted(counts, counts[-1] / 2))]
    spoilt = pixels.copy()
    spoilt[:, : middle + 1] = original[:, : middle + 1]
    return spoilt


def _repaired(pixels: Pixels, original: Pixels) -> float:
    return float(_changed(pixels, original).mean())


def _colourful(pixels: Pixels) -> bool:
    return float(np.ptp(pixels.astype(np.int16), axis=2).mean()) > 8
