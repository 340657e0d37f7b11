"""Which defects a picture gets: a drawn mix of kinds, lines first."""

from collections.abc import Callable

import numpy as np

from .areas import dust, hole, scuff, shapes, stain
from .layers import FRACTURE, SCUFF, Layer
from .lines import fold, fracture, hairs, scratch, verticals
from .textures import Textures

Kind = Callable[..., list[Layer]]

LINES: tuple[tuple[Kind, float], ...] = (
    (fracture, 0.27),
    (scratch, 0.25),
    (verticals, 0.30),
    (fold, 0.10),
    (hairs, 0.08),
)
AREAS: tuple[tuple[Kind, float], ...] = ((dust, 0.55), (scuff, 0.17), (stain, 0.13), (hole, 0.15))
KINDS: dict[str, Kind] = {kind.__name__: kind for kind, _ in LINES + AREAS}


def random_defects(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    faint: float = 0.5,
    textures: Textures | None = None,
    amount: float = 1.0,
) -> list[Layer]:
    """Layers of one to a few defects for an H x W picture; `amount` scales their number.

    About three quarters of the defects are lines: they carry real photographs.
    """
    layers: list[Layer] = []
    for _ in range(1 + int(rng.poisson(0.9 * amount))):
        layers += _pick(rng, LINES)(rng, shape, faint=faint)
    if rng.random() < 0.55:
        layers += _pick(rng, AREAS)(rng, shape, faint=faint)
    if textures is not None and rng.random() < 0.2:
        layers += _from_folder(rng, shape, textures, faint)
    order = rng.permutation(len(layers)) if rng.random() < 0.1 else range(len(layers))
    return [layers[int(index)] for index in order]


def _pick(rng: np.random.Generator, kinds: tuple[tuple[Kind, float], ...]) -> Kind:
    weights = np.array([weight for _, weight in kinds])
    return kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))][0]


def _from_folder(
    rng: np.random.Generator, shape: tuple[int, int], textures: Textures, faint: float
) -> list[Layer]:
    if textures.cracks and (rng.random() < 0.4 or not textures.shapes):
        return shapes(rng, shape, textures.cracks, FRACTURE, faint=faint)
    if textures.shapes:
        return shapes(rng, shape, textures.shapes, SCUFF, faint=faint)
    return []
