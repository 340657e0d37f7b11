"""Wide marks: what a finder most easily takes for damage is a coat, a stripe, a lamp.

No look of an area alone tells a flake from a patch of cloth: on real prints and sound photographs
contrast, outline, grain and place overlap. Two things do. Bare paper and holes are flat, and the
finder is sure of them; and a picture that has lost pieces is damaged in many places. An area that
has neither is asked about. In a picture that is damaged in many places what stands out of its
ground is filled, and the rest of the area, the coat between the scratches, is asked about. What
`second_look` plainly takes for damage never comes here.
"""

from collections.abc import Iterator, Sequence
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component, darkness
from pipeline.engine.guards.objects.ground import standing_out
from pipeline.engine.guards.places import Places

WIDE = 0.02  # of the picture's shorter side: the circle that fits into an area
LEAST_WIDE = 8.0  # px
SPREAD = 0.4  # of the places damaged beside an area: it is one more
FLAT, SMOOTH = 12.0, 8.0  # levels: standard deviation inside, and of its detail finer than FINE
FINE = 3.0  # px
CERTAIN = 2.5  # logits: mean inside the outermost pixel
SLIM = 8.0  # times its thickness long: a crease or a tear, however wide
DARKER = 12.0  # levels, than what is beside it: a trunk, a branch, a post; creases show paper
NEARLY_ALL = 0.6  # of a mark asked about: so is the rest, for half a blot is worse than a blot
BLACK = 40.0  # levels: a bed seen through a hole; a trunk is lighter
OWN = 0.3  # of a mark that is wide: less is a crack with a wide place
MOST_PIXELS = 250_000  # of a box that is looked at
Plane = NDArray[np.uint8]


def not_holes(
    marks: Sequence[Component], grey: Plane, margin: NDArray[np.int8], places: Places
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """(index, which of its pixels) of wide marks that are not plainly damage.

    `grey` and `margin` are H x W. Of a crack that widens only the wide place is named.
    """
    least = max(LEAST_WIDE, WIDE * min(grey.shape))
    standing: NDArray[np.bool_] | None = None
    for k, mark in enumerate(marks):
        wide = _wide_part(mark, least)
        if not wide.any():
            continue
        if places.beside(mark.part(wide)) < SPREAD:
            asked = _of_a_lone_area(mark, wide, grey)
        elif _is_hole(mark.part(wide), grey):
            continue
        else:
            standing = standing_out(grey, margin, least) if standing is None else standing
            asked = wide & ~standing[mark.rows, mark.columns]
            asked |= asked.mean() > NEARLY_ALL
        if asked.any():
            yield k, asked


def _of_a_lone_area(mark: Component, wide: NDArray[np.bool_], grey: Plane) -> NDArray[np.bool_]:
    """Which pixels of a wide mark are asked about where little else is damaged."""
    place = wide.mean() < OWN
    asked = wide if place else np.ones_like(wide)
    crease = not place and mark.shape.length >= SLIM * mark.thickness
    crease = crease and not _darker(mark, grey)
    return np.zeros_like(wide) if crease or _is_hole(mark.part(asked), grey) else asked


def _darker(mark: Component, grey: Plane) -> bool:
    """Whether it is darker than the picture beside it, as a trunk is."""
    return darkness(mark, grey, *_plane(mark)) > DARKER


def _may_be_wide(mark: Component, least: float) -> bool:
    top, left, bottom, right = mark.box
    return mark.area >= 0.6 * least**2 and min(bottom - top, right - left) >= least - 1


def _wide_part(mark: Component, least: float) -> NDArray[np.bool_]:
    """Of its pixels those near enough to where the circle fits in."""
    if not _may_be_wide(mark, least):
        return np.zeros(mark.area, bool)
    plane, step = _plane(mark)
    depth = cv2.distanceTransform(plane, cv2.DIST_L2, 3)
    core = (2 * step * depth >= least).astype(np.uint8)
    reach = ceil(least / step)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(_read(cv2.dilate(core, kernel), mark, step) > 0)


def _plane(mark: Component) -> tuple[Plane, int]:
    """(its box with a margin of one, each side a `step`-th, step)."""
    top, left, bottom, right = mark.box
    step = ceil(((bottom - top) * (right - left) / MOST_PIXELS) ** 0.5)
    plane = np.zeros((-(-(bottom - top) // step) + 2, -(-(right - left) // step) + 2), np.uint8)
    plane[(mark.rows - top) // step + 1, (mark.columns - left) // step + 1] = 1
    return plane, step


def _read(plane: Plane, mark: Component, step: int) -> NDArray[np.uint8]:
    top, left, _, _ = mark.box
    return plane[(mark.rows - top) // step + 1, (mark.columns - left) // step + 1]


def _level(mark: Component, grey: Plane) -> float:
    return float(grey[mark.rows, mark.columns].mean())


def _is_hole(mark: Component, grey: Plane) -> bool:
    """Flat, without detail, and sure, all without its outermost pixel; if dark, then black."""
    top, left, bottom, right = mark.box
    plane, step = _plane(mark)
    if _darker(mark, grey) and _level(mark, grey) > BLACK:
        return False
    inner = _read(cv2.erode(plane, np.ones((3, 3), np.uint8)), mark, step) > 0
    if not inner.any() or mark.part(inner).certainty < CERTAIN:
        return False
    at = (mark.rows[inner] - top) // step, (mark.columns[inner] - left) // step
    levels = grey[top:bottom:step, left:right:step].astype(np.float32)
    part = np.full_like(levels, levels[at].mean())  # or else its own rim would be detail
    part[at] = levels[at]
    detail = part - cv2.GaussianBlur(part, (0, 0), FINE)
    return bool(part[at].std() < FLAT and detail[at].std() < SMOOTH)
