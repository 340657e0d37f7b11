"""Which defects a picture gets: a drawn mix of kinds, lines first."""

from collections.abc import Callable

import numpy as np

from .areas import dust, hole, scuff, shapes, stain
from .layers import FRACTURE, SCUFF, Layer
from .lines import fold, fracture, hairs, scratch, verticals
from .media_presets import Medium
from .textures import Textures

Kind = Callable[..., list[Layer]]

KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (fracture, scratch, verticals, fold, hairs, dust, scuff, stain, hole)
}


def random_defects(
    rng: np.random.Generator,
    shape: tuple[int, int],
    medium: Medium,
    *,
    faint: float = 0.5,
    textures: Textures | None = None,
    amount: float = 1.0,
) -> list[Layer]:
    """Layers of one to a few defects for an H x W picture; `amount` scales their number.

    About three quarters of the defects are lines: they carry real photographs.
    """
    layers: list[Layer] = []
    for _ in range(1 + int(rng.poisson(medium.extra_lines * amount))):
        layers += draw_kind(rng, shape, medium.lines, faint=faint, amplitude=medium.amplitude)
    if rng.random() < medium.area_chance:
        layers += draw_kind(rng, shape, medium.areas, faint=faint, amplitude=medium.amplitude)
    if textures is not None and rng.random() < 0.2:
        layers += _from_folder(rng, shape, textures, faint)
    return layers


def draw_kind(
    rng: np.random.Generator,
    shape: tuple[int, int],
    weights: dict[str, float],
    *,
    faint: float,
    amplitude: tuple[float, float] = (12, 70),
) -> list[Layer]:
    """One defect of a kind drawn by weight."""
    shares = np.array(list(weights.values()))
    name = list(weights)[int(rng.choice(len(weights), p=shares / shares.sum()))]
    return KINDS[name](rng, shape, faint=faint, amplitude=amplitude)


def _from_folder(
    rng: np.random.Generator, shape: tuple[int, int], textures: Textures, faint: float
) -> list[Layer]:
    if textures.cracks and (rng.random() < 0.4 or not textures.shapes):
        return shapes(rng, shape, textures.cracks, FRACTURE, faint=faint)
    if textures.shapes:
        return shapes(rng, shape, textures.shapes, SCUFF, faint=faint)
    return []
