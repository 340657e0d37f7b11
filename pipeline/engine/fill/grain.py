"""Grain over fills: a smooth patch in a grainy photograph is seen at once.

Gradient energy is the mean squared difference of luma to the right and the lower neighbour,
levels squared, over the calm half of the pixels: where the smoothed picture (sigma 1.5 px) is
steeper than its median it shows an object's edge, which no grain should imitate.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, luma, rgb, stored
from training.imaging.tiling import Tile, even_tiles

NARROWEST = 3  # px of local width: thinner fills take their grain from the pixels beside them
AROUND = 24  # px: the surroundings that the grain is matched to
PERIOD = 503  # px: the noise repeats, so that a pixel's does not depend on what is filled besides
COARSEST = 1.2  # px, sigma of the noise's blur
TILE = 768
CALM = 1.5  # px, sigma


@dataclass(frozen=True)
class Grain:
    """`noise` is PERIOD x PERIOD with a gradient energy of 1."""

    noise: NDArray[np.float32]

    def at(self, tile: Tile) -> NDArray[np.float32]:
        """The noise under a tile, h x w: the same wherever the tiles are cut."""
        rows = np.arange(tile.top, tile.bottom) % PERIOD
        columns = np.arange(tile.left, tile.right) % PERIOD
        return self.noise[np.ix_(rows, columns)]


def made_grain(rng: Generator, sigma: float) -> Grain:
    """Normal noise blurred by `sigma` px on a torus."""
    noise = rng.standard_normal((PERIOD, PERIOD)).astype(np.float32)
    if sigma > 0.2:
        wide = np.pad(noise, 8, mode="wrap")
        noise = cv2.GaussianBlur(wide, (0, 0), sigma)[8:-8, 8:-8]
    energy = gradient_energy(noise, np.ones(noise.shape, bool), PERIOD // 2)
    middle = energy[PERIOD // 2, PERIOD // 2]
    return Grain(noise / np.float32(np.sqrt(middle)))


def add_grain(
    image: Picture, filled: NDArray[np.bool_], wide: NDArray[np.bool_], rng: Generator
) -> None:
    """Add, in place, what the fill lacks of its surroundings' grain to the `wide` pixels.

    `image` H x W (x 3) with its holes filled, `filled` H x W all that was filled, `wide` a part
    of it. The grain is the same in all channels.
    """
    if not wide.any():
        return
    tiles = even_tiles(*wide.shape, tile=TILE, overlap=0, multiple=1)
    used = [tile for tile in tiles if wide[tile.window].any()]
    parts = [(tile, _grown(tile, wide.shape)) for tile in used]
    seen = [around.window for _, around in parts[:: max(1, len(parts) // 8)]]
    grain = made_grain(rng, _blur([(luma(image[w]), ~filled[w]) for w in seen]))
    strengths = [_strength(luma(image[a.window]) * 255, filled[a.window]) for _, a in parts]
    for (tile, around), strength in zip(parts, strengths, strict=True):
        rows = slice(tile.top - around.top, tile.bottom - around.top)
        columns = slice(tile.left - around.left, tile.right - around.left)
        here = wide[tile.window]
        noise = (grain.at(tile) * strength[rows, columns])[here] / np.float32(255)
        part = image[tile.window]
        part[here] = stored(rgb(part[here][:, None])[:, 0] + noise[:, None], image)


def _grown(tile: Tile, shape: tuple[int, ...]) -> Tile:
    return Tile(
        max(0, tile.top - 2 * AROUND),
        max(0, tile.left - 2 * AROUND),
        min(shape[0], tile.bottom + 2 * AROUND),
        min(shape[1], tile.right + 2 * AROUND),
    )


def _blur(parts: list[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> float:
    """Sigma of the Gaussian blur that gives noise the grain's correlation, from differences
    one and two pixels apart: for such noise their ratio is 1 + q + q2 + q3, q = exp(-1/4s2)."""
    one = two = 0.0
    for plane, known in parts:
        calm = _calm(plane * 255, known)[:, 1:-1] & known[:, 2:] & known[:, :-2]
        one += float(((plane[:, 1:-1] - plane[:, :-2]) ** 2)[calm].sum())
        two += float(((plane[:, 2:] - plane[:, :-2]) ** 2)[calm].sum())
    ratio = two / max(one, 1e-12)
    table = np.linspace(0.2, COARSEST, 51)
    q = np.exp(-1 / (4 * table**2))
    return float(np.interp(ratio, 1 + q + q**2 + q**3, table))


def gradient_energy(
    plane: NDArray[np.float32], where: NDArray[np.bool_], reach: int = AROUND
) -> NDArray[np.float32]:
    """The energy around every pixel: H x W levels squared over the calm pixels of `where`
    within `reach` px; 0 where there is none."""
    right = np.diff(plane, axis=1, append=plane[:, -1:])
    below = np.diff(plane, axis=0, append=plane[-1:])
    inside = where.copy()
    inside[:, :-1] &= where[:, 1:]
    inside[:-1] &= where[1:]
    inside &= _calm(plane, where)
    energy = np.where(inside, right * right + below * below, np.float32(0))
    size = (2 * reach + 1, 2 * reach + 1)
    border = cv2.BORDER_CONSTANT
    total = cv2.blur(energy, size, borderType=border)
    part = cv2.blur(inside.astype(np.float32), size, borderType=border)
    return np.asarray(total / np.maximum(part, 1 / size[0] ** 2), np.float32)


def _calm(plane: NDArray[np.float32], where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    soft = cv2.GaussianBlur(plane, (0, 0), CALM)
    steep = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    if not where.any():
        return where.copy()
    return np.asarray(where & (steep <= np.median(steep[where])))


def _strength(plane: NDArray[np.float32], filled: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Standard factor H x W of the unit noise: what the fill's energy lacks, levels."""
    lacking = gradient_energy(plane, ~filled) - gradient_energy(plane, filled)
    return np.asarray(np.sqrt(np.maximum(lacking, 0)), np.float32)
