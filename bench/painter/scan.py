"""A 12-megapixel scan with known damage."""

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 4000, 3000


def scan(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Soft ground, grain, 14 bright cracks of 3 to 9 px and 260 specks; uint8 H x W x 3."""
    import cv2

    ground = cv2.resize(rng.normal(0, 1, (24, 32)), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    damage = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(14):
        at, angle = rng.uniform(0, [WIDTH, HEIGHT]), rng.uniform(0, 6.28)
        for _ in range(90):
            angle += rng.normal(0, 0.22)
            to = at + 14 * np.array([np.cos(angle), np.sin(angle)])
            cv2.line(damage, at.astype(int).tolist(), to.astype(int).tolist(), 255, 5)
            at = to
    for _ in range(260):
        centre = rng.uniform(0, [WIDTH, HEIGHT]).astype(int).tolist()
        cv2.circle(damage, centre, int(rng.integers(2, 9)), 255, -1)
    grey = 120 + 30 * ground + rng.normal(0, 7, (HEIGHT, WIDTH)) + damage * 0.27
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
