"""Colour that a person paints: strokes spread along edges of luma over the network's own chroma.

After Levin, Lischinski and Weiss, "Colorization using optimization" (2004): neighbours of like luma
get like colour. Theirs colours a whole grey picture; here a stroke's hold fades with the distance,
so that what no stroke means keeps the network's colour. The page solves the same system
(`static/pipeline/colour/solver.js`): a golden test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, enlarged, luma, peak
from training.imaging import colour
from training.imaging.painted_colours import ColourStroke, painted

Plane = NDArray[np.float32]
AREA = 49_152  # px of the grid that is solved: 256 x 192 of a photograph of 4 : 3
SIGMA = 0.03  # of luma in 0..1: a step of it between neighbours leaves 0.61 of their bond
CHROMA = 2.0  # weight of the network's chroma beside luma: its own edges count, too
LEAST_BOND = 1e-4
FADE = 3e-4  # pull to no hold at all, against a bond of 1: 1 / e of it each 58 px of flat ground
PULL = 10.0  # of a stroke's own pixels
NONE, FULL = 0.1, 0.35  # hold below which nothing changes, from which the colour is the stroke's
WINDOW, REGULAR = 2, 1e-4  # px and luma squared: the guided filter that finds the fine edges
LEAST_CHANGE = 1 / 256
STRIP = 64  # rows


@dataclass(frozen=True)
class Spread:
    """What strokes do on the grid, h x w: `hold` in 0..1, and `chroma` h x w x 2 around 0."""

    hold: Plane
    chroma: Plane


def grid_size(height: int, width: int) -> tuple[int, int]:
    """(h, w) of the grid: the picture's shape at no more than AREA px."""
    factor = min(1.0, (AREA / (height * width)) ** 0.5)
    return max(1, int(height * factor + 0.5)), max(1, int(width * factor + 0.5))


def spread(guide: Plane, strokes: Sequence[ColourStroke], scale: tuple[float, float]) -> Spread:
    """Solves for the strokes' hold and colour on a grid: its `guide` (h x w x 3) is luma in 0..1
    and the chroma there is, of which CHROMA / 255 counts as much as luma.

    `scale` are (vertical, horizontal) grid px for each px of the photograph. Direct: .4 s at the
    largest grid on one core.
    """
    from scipy.sparse.linalg import spsolve

    at = painted(guide.shape, strokes, scale)
    marked = at >= 0
    wants = np.array([(each.colour is not None, *each.chroma) for each in strokes], np.float64)
    right = np.zeros((at.size, 3))
    chosen = wants[at[marked]]
    right[marked.ravel()] = PULL * np.column_stack([chosen[:, 0], chosen[:, 1:] * chosen[:, :1]])
    found = spsolve(_system(guide, marked), right).reshape(*at.shape, 3)
    share = np.maximum(found[..., 0], 1e-9)
    hold = _smooth_step(found[..., 0])
    return Spread(hold.astype(np.float32), (found[..., 1:] / share[..., None]).astype(np.float32))


def _smooth_step(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 up to NONE, 1 from FULL on."""
    t = np.clip((share - NONE) / (FULL - NONE), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _bonds(first: Plane, second: Plane) -> NDArray[np.float64]:
    """Between neighbours by their guides (... x 3), LEAST_BOND..1."""
    step = ((first.astype(np.float64) - second) ** 2).sum(axis=-1)
    return np.asarray(np.maximum(np.exp(-step / (2 * SIGMA**2)), LEAST_BOND))


def _system(guide: Plane, marked: NDArray[np.bool_]) -> Any:
    """The sparse matrix: bonds to four neighbours, FADE everywhere, PULL on the strokes."""
    from scipy.sparse import coo_matrix, csc_matrix

    number = np.arange(marked.size).reshape(marked.shape)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    weights = [_bonds(guide[:, :-1], guide[:, 1:]).ravel(), _bonds(guide[:-1], guide[1:]).ravel()]
    one = np.concatenate([a.ravel() for a, _ in pairs])
    other = np.concatenate([b.ravel() for _, b in pairs])
    bond = np.concatenate(weights)
    sums = np.bincount(one, bond, marked.size) + np.bincount(other, bond, marked.size)
    own = sums + FADE + PULL * marked.ravel()
    rows = np.concatenate([one, other, number.ravel()])
    columns = np.concatenate([other, one, number.ravel()])
    return csc_matrix(coo_matrix((np.concatenate([-bond, -bond, own]), (rows, columns))))


def guided(y: Plane, hold: Plane) -> tuple[Plane, Plane]:
    """(a, b) on the grid with hold = a Y + b in each window (He and Sun, "Fast guided filter",
    2015): enlarged, they find the edges that the grid is too coarse for."""
    mean_y, mean_h = _mean(y), _mean(hold)
    slope = (_mean(y * hold) - mean_y * mean_h) / (_mean(y * y) - mean_y * mean_y + REGULAR)
    return _mean(slope), _mean(mean_h - slope * mean_y)


def _mean(plane: NDArray[np.floating]) -> Plane:
    side = 2 * WINDOW + 1
    return np.asarray(
        cv2.blur(plane.astype(np.float64), (side, side), borderType=cv2.BORDER_REPLICATE),
        np.float32,
    )


def recoloured(source: Picture, base: Picture, strokes: Sequence[ColourStroke]) -> Picture:
    """`base` (H x W x 3, coloured) with the strokes' colours; Y is that of `source`.

    `source` (H x W or H x W x 3, of base's type) is the picture before it was coloured. What no
    stroke reaches keeps base's values to the bit.
    """
    out = base.copy()
    if not strokes:
        return out
    height, width = base.shape[:2]
    guide = guide_of(source, base)
    found = spread(guide, strokes, (guide.shape[0] / height, guide.shape[1] / width))
    fields = np.dstack([*guided(guide[..., 0], found.hold), found.chroma])
    down, across = _touched(fields, height, width)
    for top in range(down.start, down.stop, STRIP):
        box = slice(top, min(down.stop, top + STRIP)), across
        around = enlarged(fields, (height, width), box)
        hold = np.clip(around[..., 0] * luma(source[box]) + around[..., 1], 0, 1)
        changed = hold >= LEAST_CHANGE
        if changed.any():
            out[box][changed] = _mixed(source[box], base[box], hold, around[..., 2:])[changed]
    return out


def _touched(fields: Plane, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns at full size outside which a Y + b is too little whatever Y is."""
    reach = np.abs(fields[..., :2]).sum(axis=2) >= LEAST_CHANGE
    return _span(reach.any(axis=1), height), _span(reach.any(axis=0), width)


def _span(reached: NDArray[np.bool_], full: int) -> slice:
    at = np.flatnonzero(reached)
    if not at.size:
        return slice(0, 0)
    step = full / reached.size  # a grid pixel counts as far as its neighbours' centres
    first, last = int((at[0] - 0.5) * step), int(np.ceil((at[-1] + 1.5) * step))
    return slice(max(0, first), min(full, last))


def guide_of(source: Picture, base: Picture) -> Plane:
    """h x w x 3 on the grid, by area: Y in 0..1, and Cb and Cr by CHROMA / 255."""
    from pipeline.engine.colorization import whole_luma

    h, w = grid_size(*source.shape[:2])
    y = cv2.resize(whole_luma(source), (w, h), interpolation=cv2.INTER_AREA)
    small = cv2.resize(base, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
    chroma = colour.rgb_to_ycbcr(small / np.float32(peak(base)))[..., 1:] - np.float32(128)
    return np.dstack([y, np.float32(CHROMA) * chroma]).astype(np.float32)


def _mixed(source: Picture, base: Picture, hold: Plane, chroma: Plane) -> Picture:
    """A strip with its base's chroma moved to the strokes' by `hold`."""
    from pipeline.engine.colorization import joined

    scale = np.float32(255 / peak(base))
    was = colour.rgb_to_ycbcr(base.astype(np.float32) * scale)[..., 1:] - np.float32(128)
    return joined(source, was + hold[..., None] * (chroma - was))
