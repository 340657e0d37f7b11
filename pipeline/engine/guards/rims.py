"""Thin closed rims: glasses, wheels, plates."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.guards.components import Component


def is_rim(mark: Component, grey: NDArray[np.uint8]) -> bool:
    """Is a thin mark a piece of an ellipse whose rest is in the picture as well?

    Looked at are 48 places round the fitted ellipse: each is lighter (or each darker) than the
    picture inside and outside of it.

    `grey` is the H x W picture, levels 0..255, that the mark lies in.
    """
    top, left, bottom, right = mark.box
    size = max(bottom - top, right - left)
    if mark.area < 16 or size < 8 or mark.thickness > 0.35 * size:
        return False
    points = np.stack([mark.columns, mark.rows], axis=1).astype(np.float32)
    some = np.ascontiguousarray(points[:: max(1, len(points) // 400)])
    (x, y), (wide, tall), angle = cv2.fitEllipseDirect(some)
    fitted = np.array([x, y, wide, tall, angle])
    if not np.isfinite(fitted).all() or not wide / max(tall, 1e-6) > 0.35 or tall > 3 * size:
        return False
    turn = np.deg2rad(angle)
    dx, dy = points[:, 0] - x, points[:, 1] - y
    u = (np.cos(turn) * dx + np.sin(turn) * dy) / (wide / 2)
    v = (-np.sin(turn) * dx + np.cos(turn) * dy) / (tall / 2)
    off = abs(np.hypot(u, v) - 1) * (wide + tall) / 4
    off.sort()
    if _quantile(off, 0.8) > max(2.0, 0.06 * (wide + tall) / 2):
        return False
    width = max(2.0, 4 * _quantile(off, 0.5))
    seen = np.unique(np.round((np.arctan2(v, u) + np.pi) * 24 / np.pi))
    if len(seen) < 14:  # of 48: a shorter arc fits too many ellipses
        return False
    return _rim_in_picture(grey, (x, y, wide / 2, tall / 2, turn), width) > 0.7


def _quantile(ordered: NDArray[np.floating], share: float) -> float:
    """As np.quantile, of values that are in order: many marks are looked at, and all are small."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def _rim_in_picture(
    grey: NDArray[np.uint8], ellipse: tuple[float, float, float, float, float], width: float
) -> float:
    """The share of 48 places at which the rim stands out to the same side."""
    x, y, a, b, turn = ellipse
    at = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = width + 3

    def read(grow: float) -> NDArray[np.float64]:
        u, v = (a + grow) * np.cos(at), (b + grow) * np.sin(at)
        columns = np.rint(x + np.cos(turn) * u - np.sin(turn) * v).astype(int)
        rows = np.rint(y + np.sin(turn) * u + np.cos(turn) * v).astype(int)
        inside = (rows >= 0) & (rows < grey.shape[0]) & (columns >= 0) & (columns < grey.shape[1])
        values = grey[rows.clip(0, grey.shape[0] - 1), columns.clip(0, grey.shape[1] - 1)]
        return np.where(inside, values.astype(float), np.nan)

    bands = np.stack([read(grow) for grow in np.arange(-width / 2 - 1, width / 2 + 2)])
    inner, outer = read(-reach), read(reach)
    lighter = np.fmax.reduce(bands, axis=0) - np.maximum(inner, outer) > 8
    darker = np.minimum(inner, outer) - np.fmin.reduce(bands, axis=0) > 8
    return float(max(lighter.mean(), darker.mean()))
