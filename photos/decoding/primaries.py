"""Colours of other primaries than sRGB's, as a PNG's cHRM names them. Only inside the child.

The matrix between both goes over CIE XYZ, white adapted by Bradford's transform (ICC.1, annex E).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.decoding.png_chunks import SRGB, Primaries

BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
KNEE, LINEAR_KNEE = 0.04045, 0.0031308


def matrix(primaries: Primaries) -> NDArray[np.float64]:
    """3 x 3: linear values of these primaries to linear sRGB, white to white."""
    own, white = _to_xyz(primaries)
    srgb, wanted = _to_xyz(SRGB)
    cones = np.diag((BRADFORD @ wanted) / (BRADFORD @ white))
    adapted = np.linalg.solve(BRADFORD, cones @ BRADFORD)
    return np.asarray(np.linalg.solve(srgb, adapted @ own))


def by_primaries(picture: Any, primaries: Primaries, depth: int) -> Any:
    """A picture with sRGB's curve and other primaries becomes sRGB; what it cannot hold is cut."""
    import pyvips

    top = 65535 if depth == 16 else 255
    steps = np.linspace(0, 1, top + 1)
    light = np.where(steps <= KNEE, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    kind = picture.interpretation
    linear = picture.maplut(pyvips.Image.new_from_array(light[None, :].astype(np.float32)))
    mixed = linear.recomb(pyvips.Image.new_from_array(matrix(primaries).tolist()))
    mixed = (mixed > 0).ifthenelse(mixed, 0)
    mixed = (mixed < 1).ifthenelse(mixed, 1)
    curved = (mixed <= LINEAR_KNEE).ifthenelse(mixed * 12.92, mixed ** (1 / 2.4) * 1.055 - 0.055)
    return (curved * top).rint().cast(picture.format).copy(interpretation=kind)


def _to_xyz(primaries: Primaries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(linear values to XYZ, XYZ of white)."""
    points = np.array(primaries).reshape(4, 2)
    xyz = np.stack([points[:, 0] / points[:, 1], np.ones(4), (1 - points.sum(1)) / points[:, 1]])
    white, corners = xyz[:, 0], xyz[:, 1:]
    return corners * np.linalg.solve(corners, white), white
