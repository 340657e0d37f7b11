"""Which defects a picture gets: a drawn mix of kinds, lines first."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .areas import dust, hole, pin_holes, scuff, shapes, spots, stain
from .cracks import crack, fold, tear
from .dense import craquelure, dendrites, flakes, handling, shower
from .edges import torn_corner, torn_edge
from .layers import FRACTURE, SCUFF, Layer
from .lines import fracture, hairs, scratch, verticals
from .media_presets import Medium
from .patches.losses import loss
from .patches.worn import drop, rubbed
from .textures import Textures

Kind = Callable[..., list[Layer]]

KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        crack,
        fold,
        tear,
        fracture,
        scratch,
        verticals,
        hairs,
        handling,
        craquelure,
        dendrites,
        flakes,
        shower,
        dust,
        spots,
        scuff,
        stain,
        hole,
        pin_holes,
        torn_corner,
        torn_edge,
        loss,
        rubbed,
        drop,
    )
}


DENSE = {"craquelure": 0.3, "dendrites": 0.25, "flakes": 0.25, "shower": 0.2}
WIDE = {"hole": 0.25, "loss": 0.45, "rubbed": 0.15, "drop": 0.15}  # areas that hide or veil
CREASES = {"crack": 0.5, "fold": 0.5}


def random_defects(
    rng: np.random.Generator,
    shape: tuple[int, int],
    medium: Medium,
    *,
    faint: float = 0.5,
    textures: Textures | None = None,
    amount: float = 1.0,
    shrink: float = 1.0,
) -> list[Layer]:
    """Layers of one to a few defects for an H x W picture; `amount` scales their number.

    Lines come first: they carry real photographs. A picture that will be enlarged `shrink`
    times gets damage that much finer.
    """
    style: dict[str, Any] = {"faint": faint, "amplitude": medium.amplitude, "shrink": shrink}
    layers: list[Layer] = []
    for _ in range(1 + int(rng.poisson(medium.extra_lines * amount))):
        layers += draw_kind(rng, shape, medium.lines, **style)
    if rng.random() < medium.area_chance:
        layers += draw_kind(rng, shape, medium.areas, **style)
    if rng.random() < medium.dense_chance:
        layers += draw_kind(rng, shape, DENSE, **style)
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
    shrink: float = 1.0,
) -> list[Layer]:
    """One defect of a kind drawn by weight."""
    shares = np.array(list(weights.values()))
    name = list(weights)[int(rng.choice(len(weights), p=shares / shares.sum()))]
    return KINDS[name](rng, shape, faint=faint, amplitude=amplitude, shrink=shrink)


def _from_folder(
    rng: np.random.Generator, shape: tuple[int, int], textures: Textures, faint: float
) -> list[Layer]:
    if textures.cracks and (rng.random() < 0.4 or not textures.shapes):
        return shapes(rng, shape, textures.cracks, FRACTURE, faint=faint)
    if textures.shapes:
        return shapes(rng, shape, textures.shapes, SCUFF, faint=faint)
    return []
