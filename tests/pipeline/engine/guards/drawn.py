"""Marks drawn by hand for the guards: what a finder would say of a picture."""

import numpy as np

from pipeline.engine.guards.certainty import Marks


def marks(plane, margin=3.0):
    """`plane` True is marked as a fracture, `margin` logits above the cut; -5 elsewhere."""
    tenths = np.where(plane, round(10 * margin), -50).astype(np.int8)
    return Marks(plane.astype(np.uint8), tenths, np.ones(plane.shape, np.uint8))


def blank(height=240, width=320, level=120, seed=0):
    noise = np.random.default_rng(seed).normal(0, 2, (height, width))
    return np.clip(level + noise, 0, 255).astype(np.uint8)
