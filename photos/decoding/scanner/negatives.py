"""Negatives made positive by their own base: the colour of the film where no light fell. Pure.

Film darkens with the logarithm of the light it saw, so light is a power of how much less than
its base a place lets through. The orange mask of colour film is the base's own colour and goes
with it. Source: C. N. Nelson, "The theory of tone reproduction", in T. H. James (ed.), The
Theory of the Photographic Process, 4th ed. (1977); contrast of negative film about 0.6.
"""

import numpy as np
from numpy.typing import NDArray

KINDS = ("bw", "colour")
CONTRAST = 0.6  # density by decade of light
BASE, BRIGHT = 99.7, 0.4  # percentiles: the base lets most through, the lights of the picture least
WHITE = 0.94  # sRGB value of the picture's lights


def table(small: NDArray[np.generic], kind: str, depth: int) -> NDArray[np.generic]:
    """The positive value of every stored one: 1 x levels x channels, of `depth` bits.

    `small` is a reduced copy of the negative, h x w or h x w x 3, of 8 or 16 bits; "bw" takes one
    base and one scale for all channels. Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"a negative is bw or colour, not {kind}")
    planes = small.reshape(*small.shape[:2], -1)
    top = 65535 if planes.dtype == np.uint16 else 255
    values = planes.reshape(-1, planes.shape[2]).astype(np.float64) / top
    base = np.maximum(_light(np.percentile(values, BASE, axis=0)), 1e-3)
    dark = np.maximum(_light(np.percentile(values, BRIGHT, axis=0)), 1e-4)
    if kind == "bw":
        base[:], dark[:] = base.mean(), dark.mean()
    levels = 65536 if depth == 16 else 256
    through = np.maximum(_light(np.linspace(0, 1, levels)), 1e-5)[:, None]
    seen = (base / through) ** (1 / CONTRAST)
    most = (base / dark) ** (1 / CONTRAST)
    light = (seen - 1) / np.maximum(most - 1, 1e-6) * _light(np.array(WHITE))
    made = np.rint(_srgb(np.clip(light, 0, 1)) * (levels - 1))
    return made.astype(np.uint16 if depth == 16 else np.uint8)[None]


def _light(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _srgb(light: NDArray[np.float64]) -> NDArray[np.float64]:
    low = light <= 0.0031308
    return np.where(low, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
