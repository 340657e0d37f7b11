"""A scan of 12 (or BENCH_MEGAPIXELS) megapixels with known damage, and that damage alone."""

import os

import numpy as np
from numpy.typing import NDArray

SCALE = (float(os.environ.get("BENCH_MEGAPIXELS", "12")) / 12) ** 0.5
WIDTH, HEIGHT = round(4000 * SCALE), round(3000 * SCALE)


def thin_mask(rng: np.random.Generator) -> NDArray[np.uint8]:
    """14 cracks of 3 to 9 px (1) and 260 specks (2): about one per cent of 12 megapixels."""
    import cv2

    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(14):
        at, angle = rng.uniform(0, [WIDTH, HEIGHT]), rng.uniform(0, 6.28)
        for _ in range(90):
            angle += rng.normal(0, 0.22)
            to = at + 14 * np.array([np.cos(angle), np.sin(angle)])
            width = int(rng.integers(3, 10))
            cv2.line(mask, at.astype(int).tolist(), to.astype(int).tolist(), 1, width)
            at = to
    for _ in range(260):
        centre = rng.uniform(0, [WIDTH, HEIGHT]).astype(int).tolist()
        cv2.circle(mask, centre, int(rng.integers(2, 9)), 2, -1)
    return mask


def scan(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Soft ground and grain under that damage, all of it bright; uint8 H x W x 3."""
    import cv2

    ground = cv2.resize(rng.normal(0, 1, (24, 32)), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    damage = 69.0 * (thin_mask(rng) > 0)
    grey = 120 + 30 * ground + rng.normal(0, 7, (HEIGHT, WIDTH)) + damage
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
