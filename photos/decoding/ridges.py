"""Where a line would run: the tracer's cost map."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIGMAS = (1.5, 2.5, 4.0)

Plane = NDArray[np.float32]


def cost_map(luma: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The price 1..64 of entering each pixel; ridges, light or dark, are cheap.

    `luma` is H x W, levels 0..255. cost = clip(2 / (0.03 + r), 1, 64) with r the ridge
    strength over its own 99.5th percentile; a picture without any ridge is dear everywhere.
    """
    strength = ridge_strength(luma)
    scale = float(np.percentile(strength.ravel()[::7], 99.5)) if strength.size else 0.0
    relative = np.minimum(1, strength / scale) if scale > 1e-6 else np.zeros_like(strength)
    return np.clip(np.rint(2 / (0.03 + relative)), 1, 64).astype(np.uint8)


def ridge_strength(luma: NDArray[np.generic]) -> Plane:
    """R of H x W: 2 min(|m|, q) sigma^1.5, the largest over the scales; 0 on the border.

    m +- q are the eigenvalues of the Hessian of the Gaussian-smoothed picture, so this is the
    difference of their magnitudes: high on lines, low on blobs and on straight edges.
    """
    picture = np.asarray(luma, np.float32)
    best = np.zeros_like(picture)
    if min(picture.shape) < 3:
        return best
    for sigma in SIGMAS:
        side = 2 * int(np.ceil(3 * sigma)) + 1
        smooth = cv2.GaussianBlur(picture, (side, side), sigma, borderType=cv2.BORDER_REPLICATE)
        best[1:-1, 1:-1] = np.maximum(best[1:-1, 1:-1], _strength(smooth) * np.float32(sigma**1.5))
    return best


def _strength(g: Plane) -> Plane:
    centre = g[1:-1, 1:-1]
    xx = g[1:-1, 2:] + g[1:-1, :-2] - 2 * centre
    yy = g[2:, 1:-1] + g[:-2, 1:-1] - 2 * centre
    xy = (g[:-2, :-2] + g[2:, 2:] - g[:-2, 2:] - g[2:, :-2]) / 4
    mean = np.abs(xx + yy) / 2
    spread = np.hypot((xx - yy) / 2, xy)
    return np.asarray(2 * np.minimum(mean, spread), np.float32)
