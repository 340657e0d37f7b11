"""Is a photograph in colour? Then nothing is coloured unless asked.

A toned, sepia or yellowed print has one chroma for each luma; what is left of chroma after a
smooth fit over luma is colour.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.pixels import Picture, peak

SIDE = 256  # px: dust and grain have no colour at this size
SMOOTHED = 2.0  # px: what is left of noise in the three channels is none of the picture's colour
KNOTS = 8  # bins of luma between which the fit is straight
# Mean residual of Cb and Cr in levels of 255 above which a photograph is in colour: of 82 old
# prints, sound and damaged, the largest has 5.8; the packaged cat 6.7, cup 8.3, astronaut 16.3.
IN_COLOUR = 6.2


def chroma_residual(image: Picture) -> float:
    """Mean distance of (Cb, Cr) from their smooth fit over luma, in levels of 255; 0 for greys."""
    if image.ndim == 2:
        return 0.0
    scale = min(1.0, SIDE / max(image.shape[:2]))
    size = tuple(max(1, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    ycc = cv2.cvtColor(small / np.float32(peak(image)), cv2.COLOR_RGB2YCrCb) * 255
    ycc = cv2.GaussianBlur(ycc, (0, 0), SMOOTHED)
    y, chroma = ycc[..., 0].ravel(), ycc[..., 1:].reshape(-1, 2)
    basis = _hats(y)
    damped = basis.T @ basis + 1e-3 * np.eye(basis.shape[1])
    off = chroma - basis @ np.linalg.solve(damped, basis.T @ chroma)
    return float(np.hypot(off[:, 0], off[:, 1]).mean())


def _hats(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """N x KNOTS: each luma as shares of its two neighbouring knots."""
    place = np.clip(y / 255 * (KNOTS - 1), 0, KNOTS - 1)
    return np.asarray(np.clip(1 - abs(place[:, None] - np.arange(KNOTS)), 0, None), np.float32)


def why_skipped(image: Picture) -> str:
    """The reason why no colour is added, for people; empty for what counts as grey.

    `image` is H x W or H x W x 3, uint8 or uint16.
    """
    if chroma_residual(image) <= IN_COLOUR:
        return ""
    return "The photograph is in colour already; ask for colour to have it coloured all the same."
