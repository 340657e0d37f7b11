"""Dust out of a scan's infrared: no guess, so neither faces nor writing keep it from being filled.

The plane is brightness of H x W, even where film lets infrared through and dark where dust or a
scratch stops it. It is taken through another focus than the colours: first it is moved onto them.
"""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from photos.masks.classes import SCUFF

Plane = NDArray[Any]
FARTHEST = 16  # px: the lens moves infrared by no more
GROUND = 8  # the even ground is read in a copy so many times smaller
GROUND_SIDE = 15  # px of that copy, odd: over a hair or a grain, under a shade of the film
SURE, LEAST = 0.30, 0.08  # of the ground: so much darker is dust; less never is
NOISES = 6.0  # robust standard deviations of the plane above which a pixel is no noise
GROWN = 1  # px around what was found: dust has a soft rim
CLEAR = 6.0  # robust deviations by which the place where it fits stands out of all others
ENOUGH = 12  # pixels of dust that registration can be read from


@dataclass(frozen=True)
class Dust:
    """What the infrared shows."""

    bits: NDArray[np.bool_]
    """H x W, true on dust."""
    shift: tuple[int, int] = (0, 0)
    """px by which the plane was moved, down and right."""
    report: dict[str, Any] = field(default_factory=dict)


def find_dust(plane: Plane, luma: Plane) -> Dust:
    """Dust and scratches of the picture `luma`, both H x W of 8 or 16 bits.

    Raises ValueError where the sizes differ.
    """
    if plane.shape != luma.shape:
        raise ValueError("the infrared has another size than the picture")
    depth = darkness(plane, luma)
    found = _grown_from(depth, *cuts(depth))
    shift = registered(np.where(found, depth, 0), luma)
    bits = np.asarray(_moved(found.astype(np.uint8), shift) > 0)
    kernel = np.ones((2 * GROWN + 1,) * 2, np.uint8)
    bits = np.asarray(cv2.dilate(bits.astype(np.uint8), kernel) > 0)
    count = int(cv2.connectedComponents(bits.astype(np.uint8))[0]) - 1
    share = float(bits.mean())
    told = said("engine.dust", count=count, share=share)
    report = {"share": share, "places": count, "moved": list(shift), "said": told}
    return Dust(bits, shift, report)


def with_dust(
    bits: NDArray[np.uint8], plane: Plane | None, luma: Plane
) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """(the class bits H x W with the infrared's dust among them, what is to be reported)."""
    if plane is None:
        return bits, {}
    dust = find_dust(plane, luma)
    joined = np.where(dust.bits & (bits == 0), np.uint8(SCUFF), bits)
    return joined, {"infrared": dust.report}


def darkness(plane: Plane, luma: Plane) -> NDArray[np.float32]:
    """How much darker than its ground each pixel is, 0..1 of it (H x W).

    The little of the picture that the dyes leave in the plane is taken out first, by regression
    on the picture's own detail.
    """
    infra = np.log(np.maximum(plane.astype(np.float32), 1))
    light = np.log(luma.astype(np.float32) + np.float32(luma.max()) / 64 + 1)
    detail, echo = infra - _ground(infra), light - _ground(light)
    sound = np.abs(detail) < 3 * _noise(detail)
    power = float((echo[sound] ** 2).sum())
    leak = float((detail[sound] * echo[sound]).sum()) / power if power > 0 else 0.0
    return np.asarray(np.clip(1 - np.exp(detail - np.float32(leak) * echo), 0, 1), np.float32)


def cuts(depth: NDArray[np.float32]) -> tuple[float, float]:
    """(from where a place is dust, how far it goes on), of the ground, for a `depth` of H x W."""
    above = depth[depth > 0][:: max(1, depth.size // 1_000_000)]
    noise = 1.4826 * float(np.median(above)) if above.size else 0.0
    low = max(LEAST, NOISES / 2 * noise)
    return max(low, min(SURE, 2 * low)), low


def registered(dust: NDArray[np.float32], luma: Plane) -> tuple[int, int]:
    """px down and right by which the plane has to be moved onto the picture, each at most
    `FARTHEST`; (0, 0) where there is too little dust to tell.

    Dust is an edge in the picture too, dark or, on an inverted negative, light.
    """
    if np.count_nonzero(dust) < ENOUGH:
        return 0, 0
    light = luma.astype(np.float32)
    seen = np.abs(light - cv2.medianBlur(_eight(luma), 9).astype(np.float32) * _unit(luma))
    size = [cv2.getOptimalDFTSize(side + 2 * FARTHEST) for side in luma.shape]
    spectra = [np.fft.rfft2(each, s=size) for each in (dust, seen - seen.mean())]
    joint = np.fft.irfft2(np.conj(spectra[0]) * spectra[1], s=size)
    near = np.roll(joint, (FARTHEST, FARTHEST), (0, 1))[: 2 * FARTHEST + 1, : 2 * FARTHEST + 1]
    best = int(near.argmax())
    down, right = divmod(best, near.shape[1])
    usual = float(np.median(near))
    spread = 1.4826 * float(np.median(np.abs(near - usual))) + 1e-9
    if near.flat[best] < max(1.2 * near[FARTHEST, FARTHEST], usual + CLEAR * spread):
        return 0, 0  # no better than where it lies, or none that stands out
    return down - FARTHEST, right - FARTHEST


def _grown_from(depth: NDArray[np.float32], sure: float, low: float) -> NDArray[np.bool_]:
    """Places that reach `sure`, as far as they are above `low`."""
    labels = cv2.connectedComponents((depth > low).astype(np.uint8), connectivity=8)[1]
    kept = np.zeros(int(labels.max()) + 1, bool)
    kept[np.unique(labels[depth > sure])] = True
    kept[0] = False
    return np.asarray(kept[labels])


def _ground(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """The plane without what is small: a median of a reduced copy."""
    height, width = plane.shape
    size = (max(1, width // GROUND), max(1, height // GROUND))
    low, high = float(plane.min()), float(plane.max())
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    levels = np.rint((small - low) * (255 / max(high - low, 1e-6))).astype(np.uint8)
    steps = np.asarray(cv2.medianBlur(levels, GROUND_SIDE), np.float32)
    # The steps of 8 bits are too coarse for noise of a percent: what is near keeps its own value.
    middle = steps * ((high - low) / 255) + low
    kept = np.where(np.abs(small - middle) < (high - low) / 64, small, middle)
    soft = cv2.blur(kept, (5, 5))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))


def _noise(plane: NDArray[np.float32]) -> float:
    sample = plane.ravel()[:: max(1, plane.size // 1_000_000)]
    return 1.4826 * float(np.median(np.abs(sample - np.median(sample)))) + 1e-6


def _moved(plane: NDArray[np.uint8], shift: tuple[int, int]) -> NDArray[np.uint8]:
    matrix = np.array([[1, 0, shift[1]], [0, 1, shift[0]]], np.float32)
    size = (plane.shape[1], plane.shape[0])
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_NEAREST))


def _eight(luma: Plane) -> NDArray[np.uint8]:
    return luma if luma.dtype == np.uint8 else (luma // 257).astype(np.uint8)


def _unit(luma: Plane) -> np.float32:
    return np.float32(1 if luma.dtype == np.uint8 else 257)
