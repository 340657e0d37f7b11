"""Grain over fills: a smooth patch in a grainy photograph is seen at once.

Gradient energy is the mean squared difference of luma to the right and the lower neighbour,
levels squared, over the calm half of the pixels: where the smoothed picture (sigma 1.5 px) is
steeper than its median it shows an object's edge, which no grain should imitate.
"""

from collections.abc import Sequence
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
    looked = (_Look.at(image[a.window], filled[a.window]) for _, a in parts)
    strengths, differences = zip(
        *((each.strength(), each.differences()) for each in looked), strict=True
    )
    grain = made_grain(rng, _blur(differences[:: max(1, len(parts) // 8)]))
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


@dataclass(frozen=True)
class _Look:
    """A tile with its surroundings: luma in 0..1, what of it is sound, how steep it is once
    smoothed, and which of the sound pixels are calm."""

    plane: NDArray[np.float32]
    known: NDArray[np.bool_]
    steep: NDArray[np.float32]
    calm: NDArray[np.bool_]

    @classmethod
    def at(cls, part: Picture, filled: NDArray[np.bool_]) -> "_Look":
        plane = luma(part)
        steep = _steepness(plane * 255)
        return cls(plane, ~filled, steep, _calm(steep, ~filled))

    def differences(self) -> tuple[float, float]:
        """Sums of squares over calm pixels, one and two pixels apart."""
        plane, known = self.plane, self.known
        calm = self.calm[:, 1:-1] & known[:, 2:] & known[:, :-2]
        one = float(((plane[:, 1:-1] - plane[:, :-2]) ** 2)[calm].sum())
        return one, float(((plane[:, 2:] - plane[:, :-2]) ** 2)[calm].sum())

    def strength(self) -> NDArray[np.float32]:
        """Standard factor H x W of the unit noise: what the fill's energy lacks, levels."""
        squares, filled = _squares(self.plane * 255), ~self.known
        around = _energy(squares, self.known, self.calm, AROUND)
        lacking = around - _energy(squares, filled, _calm(self.steep, filled), AROUND)
        return np.asarray(np.sqrt(np.maximum(lacking, 0)), np.float32)


def _blur(differences: Sequence[tuple[float, float]]) -> float:
    """Sigma of the Gaussian blur that gives noise the grain's correlation, from differences
    one and two pixels apart: for such noise their ratio is 1 + q + q2 + q3, q = exp(-1/4s2)."""
    one, two = (sum(each) for each in zip(*differences, strict=True))
    ratio = two / max(one, 1e-12)
    table = np.linspace(0.2, COARSEST, 51)
    q = np.exp(-1 / (4 * table**2))
    return float(np.interp(ratio, 1 + q + q**2 + q**3, table))


def gradient_energy(
    plane: NDArray[np.float32], where: NDArray[np.bool_], reach: int = AROUND
) -> NDArray[np.float32]:
    """The energy around every pixel: H x W levels squared over the calm pixels of `where`
    within `reach` px; 0 where there is none."""
    return _energy(_squares(plane), where, _calm(_steepness(plane), where), reach)


def _squares(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared differences to the right and the lower neighbour, summed."""
    right = np.diff(plane, axis=1, append=plane[:, -1:])
    below = np.diff(plane, axis=0, append=plane[-1:])
    return right * right + below * below


def _energy(
    squares: NDArray[np.float32], where: NDArray[np.bool_], calm: NDArray[np.bool_], reach: int
) -> NDArray[np.float32]:
    inside = where.copy()
    inside[:, :-1] &= where[:, 1:]
    inside[:-1] &= where[1:]
    inside &= calm
    energy = np.where(inside, squares, np.float32(0))
    size = (2 * reach + 1, 2 * reach + 1)
    border = cv2.BORDER_CONSTANT
    total = cv2.blur(energy, size, borderType=border)
    part = cv2.blur(inside.astype(np.float32), size, borderType=border)
    return np.asarray(total / np.maximum(part, 1 / size[0] ** 2), np.float32)


def _steepness(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    soft = cv2.GaussianBlur(plane, (0, 0), CALM)
    steep = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    return np.asarray(steep, np.float32)


def _calm(steep: NDArray[np.float32], where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not where.any():
        return where.copy()
    return np.asarray(where & (steep <= np.median(steep[where])))
