"""What a channel or page beside a colour picture is: infrared that sees dust, or something else.

The dyes of colour film let infrared through and dust does not, so the plane is even, and dark
where dust lies. The silver of black-and-white film and Kodachrome's dyes block it: there the
plane is the picture once more, and of no use.
"""

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said

DUST, PICTURE, OTHER = "dust", "picture", "other"
EVEN = 0.12  # robust spread over the median: an even plane
SEEN = 0.5  # correlation with luma from which a plane is the picture
DARK, MOST_DARK = 0.7, 0.15  # of the median; of the area, that dust may cover
NOTES = {PICTURE: said("note.infrared-is-picture"), OTHER: said("note.unknown-channel")}


def judged(luma: NDArray[np.generic], plane: NDArray[np.generic], *, named: bool = False) -> str:
    """`DUST`, `PICTURE` or `OTHER` for a plane beside a picture, both h x w in any unit; of
    two sizes they do not lie beside each other.

    `named`: the file itself calls it infrared.
    """
    light, infra = np.asarray(luma, np.float64), np.asarray(plane, np.float64)
    middle = float(np.median(infra))
    if light.shape != infra.shape or middle <= 0 or infra.max() <= infra.min():
        return OTHER
    dark = infra < DARK * middle
    if likeness(light, infra, ~dark) > SEEN and spread(infra) > EVEN / 4:
        return PICTURE
    even = spread(infra) < EVEN and dark.mean() < MOST_DARK
    return DUST if even or named else OTHER


def spread(plane: NDArray[np.float64]) -> float:
    """The median deviation from the median over it, scaled to a normal's standard deviation."""
    middle = float(np.median(plane))
    return 1.4826 * float(np.median(np.abs(plane - middle))) / max(middle, 1e-9)


def likeness(
    light: NDArray[np.float64], infra: NDArray[np.float64], where: NDArray[np.bool_]
) -> float:
    """The magnitude of the correlation over the pixels that are no dust, 0..1."""
    a, b = light[where], infra[where]
    if len(a) < 9 or a.std() == 0 or b.std() == 0:
        return 0.0
    return abs(float(np.corrcoef(a, b)[0, 1]))
