"""Is a photograph in colour? Then nothing is coloured unless asked.

A toned, sepia or yellowed print has one chroma for each luma; what is left of chroma after a
smooth fit over luma is colour. A hand-tinted print has little of it, but pink cheeks and green
leaves lie where no toning, yellowing or foxing leads.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from pipeline.engine.pixels import Picture, peak

SIDE = 256  # px: dust and grain have no colour at this size
SMOOTHED = 2.0  # px: what is left of noise in the three channels is none of the picture's colour
KNOTS = 8  # bins of luma between which the fit is straight
# Mean residual of Cb and Cr in levels of 255 above which a photograph is in colour: of 82 old
# prints, sound and damaged, the largest has 5.8; the packaged cat 6.7, cup 8.3, astronaut 16.3.
IN_COLOUR = 6.2
# Levels of Cr and Cb off the picture's own tone: pink and red without yellow, or green. Of 65 old
# prints, toned, stained and yellowed ones, none has so much as .05 % of either.
PINK, NOT_YELLOW = 6.0, 0.5
GREEN, NOT_BLUE = -6.0, 3.0
TINTED = 0.004  # of the picture


def chroma_residual(image: Picture) -> float:
    """Mean distance of (Cr, Cb) from their smooth fit over luma, in levels of 255; 0 for greys.

    `image` is H x W or H x W x 3, uint8 or uint16.
    """
    off = _off_tone(image)
    return float(np.hypot(off[:, 0], off[:, 1]).mean())


def tinted_share(image: Picture) -> float:
    """The part of a picture, 0..1, that is pink, red or green beside its own tone; 0 for greys.

    `image` is H x W or H x W x 3, uint8 or uint16.
    """
    off = _off_tone(image)
    cr, cb = (off - np.median(off, axis=0)).T
    pink = (cr > PINK) & (cb > -NOT_YELLOW * cr)
    return float(max(pink.mean(), ((cr < GREEN) & (cb < NOT_BLUE)).mean()))


def _off_tone(image: Picture) -> NDArray[np.float32]:
    """N x 2: Cr and Cb of a small copy off their smooth fit over luma, levels of 255."""
    if image.ndim == 2:
        return np.zeros((1, 2), np.float32)
    scale = min(1.0, SIDE / max(image.shape[:2]))
    size = tuple(max(1, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    ycc = cv2.cvtColor(small / np.float32(peak(image)), cv2.COLOR_RGB2YCrCb) * 255
    ycc = cv2.GaussianBlur(ycc, (0, 0), SMOOTHED)
    y, chroma = ycc[..., 0].ravel(), ycc[..., 1:].reshape(-1, 2)
    basis = _hats(y)
    damped = basis.T @ basis + 1e-3 * np.eye(basis.shape[1])
    return np.asarray(chroma - basis @ np.linalg.solve(damped, basis.T @ chroma), np.float32)


def _hats(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """N x KNOTS: each luma as shares of its two neighbouring knots."""
    place = np.clip(y / 255 * (KNOTS - 1), 0, KNOTS - 1)
    return np.asarray(np.clip(1 - abs(place[:, None] - np.arange(KNOTS)), 0, None), np.float32)


def why_skipped(image: Picture) -> Said | None:
    """The reason why no colour is added, for people; None for what counts as grey.

    `image` is H x W or H x W x 3, uint8 or uint16.
    """
    if chroma_residual(image) > IN_COLOUR:
        return said("engine.in-colour")
    if tinted_share(image) >= TINTED:
        return said("engine.hand-tinted")
    return None
