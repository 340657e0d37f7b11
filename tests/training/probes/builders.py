"""Markers whose figures are known without measuring: one that sees all, none, or one sign."""

import numpy as np

from training.probes.canvas import grained, ground

SURE = 20.0


def pictures(count=20, shape=(160, 240), level=128):
    rng = np.random.default_rng(5)
    return [grained(rng, ground(rng, shape, level, 8)) for _ in range(count)]


def everything(luma):
    return np.full(luma.shape, SURE)


def nothing(luma):
    return np.full(luma.shape, -SURE)


def lighter_than(level):
    """Marks what is lighter than `level`: all light damage on darker ground, nothing dark."""
    return lambda luma: np.where(luma > level, SURE, -SURE)


def departures(level, least=15):
    """Marks both signs on a ground of `level`."""
    return lambda luma: np.where(np.abs(luma.astype(float) - level) > least, SURE, -SURE)
