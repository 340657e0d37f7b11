"""Landscapes to stand behind a sitter, drawn here: sky, hills, trees, a meadow or water."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import Plane, cloud

Colour = NDArray[np.uint8]
Rng = np.random.Generator

# RGB at the top and at the horizon: clear, hazy, overcast, evening
SKIES = (
    ((88, 138, 200), (196, 214, 228)), ((140, 166, 190), (214, 214, 206)),
    ((150, 152, 156), (198, 198, 194)), ((96, 112, 158), (236, 184, 136)),
)  # fmt: skip
# from far to near: what air leaves of a wood, then foliage, grass, straw, earth
WOODS = ((118, 138, 146), (92, 112, 92), (62, 84, 48), (84, 96, 52), (48, 64, 40))
FLOORS = ((96, 122, 58), (134, 138, 76), (182, 164, 104), (122, 98, 72), (94, 122, 140))


def landscape(rng: Rng, shape: tuple[int, int]) -> Colour:
    """A landscape H x W x 3, out of focus by up to 2 % of its height, of any hour and season."""
    height, width = shape
    horizon = round(height * rng.uniform(0.25, 0.75))
    plane = _sky(rng, shape)
    for depth in np.linspace(0, 1, int(rng.integers(1, 4))):
        ridge = horizon - height * (0.16 * (1 - depth) + 0.1 * rng.random())
        _lay(rng, plane, ridge + 0.06 * height * _ridge(rng, width), _wood(rng, depth))
    _lay(rng, plane, np.full(width, float(horizon)), _pick(rng, FLOORS))
    tone = rng.uniform(0.6, 1.15) * plane * (1 + 0.05 * cloud(rng, shape, height / 3)[..., None])
    blur = max(0.3, height * rng.uniform(0.002, 0.02))
    return np.asarray(cv2.GaussianBlur(np.clip(tone, 0, 255), (0, 0), blur), np.uint8)


def _sky(rng: Rng, shape: tuple[int, int]) -> NDArray[np.float32]:
    top, low = np.array(SKIES[int(rng.integers(len(SKIES)))], np.float32)
    down = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None, None]
    clouds = np.clip(cloud(rng, shape, shape[1] / 4), 0, 1)[..., None]
    plain = (top + (low - top) * down) * np.ones((1, shape[1], 1), np.float32)
    return np.asarray(plain + rng.uniform(0, 0.7) * clouds * (240 - plain), np.float32)


def _ridge(rng: Rng, width: int) -> Plane:
    """The outline of hills or tree tops along the picture, about -1 to 1."""
    return np.asarray(cloud(rng, (8, width), width / rng.uniform(2, 24))[4], np.float32)


def _wood(rng: Rng, depth: float) -> NDArray[np.float32]:
    near = _pick(rng, WOODS[1:])
    return np.asarray(np.array(WOODS[0], np.float32) * (1 - depth) + near * depth, np.float32)


def _pick(rng: Rng, colours: tuple[tuple[int, int, int], ...]) -> NDArray[np.float32]:
    colour = np.array(colours[int(rng.integers(len(colours)))])
    return np.asarray(colour + rng.normal(0, 6, 3), np.float32)


def _lay(rng: Rng, plane: NDArray[np.float32], top: Plane, colour: NDArray[np.float32]) -> None:
    """Paint what lies below `top` (px from above, one a column), with light and shade in it."""
    height, width = plane.shape[:2]
    cover = np.clip(np.arange(height)[:, None] - top[None], 0, 1)[..., None]
    shade = 1 + 0.22 * cloud(rng, (height, width), max(3.0, height / 24))[..., None]
    plane += cover * (colour * shade - plane)
