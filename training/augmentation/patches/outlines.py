"""Outlines of wide patches: jagged as emulsion flakes, or rounded as drops."""

import numpy as np

from training.augmentation.noise import log_uniform
from training.augmentation.strokes import Points

Shape = tuple[int, int]
Rng = np.random.Generator
BORDER = 0.35  # share of the patches whose middle lies on the picture's border


def across(rng: Rng, shape: Shape, low: float, high: float, shrink: float) -> float:
    """A diameter in px, log-uniform, at most three quarters of the picture's shorter side."""
    return max(6.0, min(log_uniform(rng, low, high) / shrink, 0.75 * min(shape)))


def middle(rng: Rng, shape: Shape) -> Points:
    """A place (x, y) in px of the picture; often on its border, where handling wears it."""
    place = rng.uniform(0, 1, 2)
    if rng.random() < BORDER:
        place[int(rng.integers(2))] = float(rng.integers(2))
    return np.asarray(place * (shape[1], shape[0]))


def jagged(rng: Rng, centre: Points, diameter: float) -> Points:
    """N x 2 corners of a flake: an uneven polygon whose sides break again and again."""
    count = int(rng.integers(5, 12))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = 0.5 * diameter * np.clip(np.exp(rng.normal(-0.1, 0.3, count)), 0.35, 1.5)
    corners = reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    corners = corners * np.exp(rng.normal(0, 0.2, 2))
    rough = log_uniform(rng, 0.05, 0.3)
    while np.hypot(*np.diff(corners, axis=0).T).max() > 5 and len(corners) < 400:
        corners = _broken(rng, corners, rough)
    return np.asarray(centre + corners)


def _broken(rng: Rng, corners: Points, rough: float) -> Points:
    """Every side's middle moved across it by a share of its length."""
    sides = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([-sides[:, 1], sides[:, 0]], axis=1)
    halves = corners + 0.5 * sides + normals * rng.normal(0, rough, (len(corners), 1))
    return np.stack([corners, halves], axis=1).reshape(-1, 2)


def rounded(rng: Rng, centre: Points, diameter: float, rough: float = 0.1) -> Points:
    """N x 2 corners of a drop: a circle with a few slow waves."""
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    order = np.arange(1, 7)
    waves = np.cos(np.outer(angles, order) + rng.uniform(0, 2 * np.pi, 6)) / order
    reach = 0.5 * diameter * np.exp(rough * waves @ rng.normal(0, 1, 6))
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.exp(rng.normal(0, 0.15, 2))
    return np.asarray(centre + reach[:, None] * rays)
