"""JFIF colour (BT.601, full range) and the merge that never touches luma."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_TO_YCBCR = np.array(
    [
        [0.299, 0.587, 0.114],
        [-0.299 / 1.772, -0.587 / 1.772, 0.886 / 1.772],
        [0.701 / 1.402, -0.587 / 1.402, -0.114 / 1.402],
    ]
)
_LUMA = _TO_YCBCR[0]
_G_CB = 0.114 * 1.772 / 0.587
_G_CR = 0.299 * 1.402 / 0.587
_FROM_CHROMA = np.array([[0.0, 1.402], [-_G_CB, -_G_CR], [1.772, 0.0]])


def luma(rgb: Array) -> Array:
    """Y of H x W x 3 pixels on the input's own scale; integers are rounded, floats stay floats."""
    y = _as_float(rgb) @ _LUMA.astype(_float_type(rgb))
    return _like(y, rgb)


def rgb_to_ycbcr(rgb: Array) -> Array:
    """H x W x 3 RGB to Y, Cb, Cr, both 0..255; uint8 is rounded, floats are left unrounded."""
    kind = _float_type(rgb)
    ycbcr = _as_float(rgb) @ _TO_YCBCR.T.astype(kind)
    ycbcr[..., 1:] += 128
    return _like(ycbcr, rgb)


def ycbcr_to_rgb(ycbcr: Array) -> Array:
    """The inverse. uint8 is rounded and clipped; floats may leave 0..255 (see merge_chroma)."""
    values = _as_float(ycbcr)
    chroma = (values[..., 1:] - 128) @ _FROM_CHROMA.T.astype(values.dtype)
    return _like(values[..., :1] + chroma, ycbcr)


def merge_chroma(y: Array, cb: Array, cr: Array) -> Array:
    """RGB with exactly the given luma and the nearest chroma of the same hue that fits.

    `y` is H x W: uint8, uint16 (0..65535) or float (0..255); the result has its type and scale.
    `cb`, `cr` are H x W on 0..255 around 128. The chroma offset is shortened per pixel until
    RGB fits its range, so nothing is clipped and luma moves by less than half a step.
    """
    kind = _float_type(y)
    peak = kind(65535 if y.dtype == np.uint16 else 255)
    base, scale = y.astype(kind), peak / kind(255)
    blue, red = (cb.astype(kind) - 128) * scale, (cr.astype(kind) - 128) * scale
    deltas = [kind(a) * blue + kind(b) * red for a, b in _FROM_CHROMA]
    # Luma's room is the same for all three: only the furthest way up and down can leave it.
    up, down = (np.maximum.reduce([sign * delta for delta in deltas]) for sign in (1, -1))
    fits = np.minimum((peak - base) / np.maximum(up, kind(1e-9)), kind(1))
    fits = np.minimum(base / np.maximum(down, kind(1e-9)), fits)
    rgb = np.empty((*y.shape, 3), y.dtype)
    for channel, delta in enumerate(deltas):
        rgb[..., channel] = _like(np.clip(base + delta * fits, 0, peak), y)
    return rgb


def _float_type(values: Array) -> type[Any]:
    return np.float32 if values.dtype in (np.uint8, np.float32) else np.float64


def _as_float(values: Array) -> Array:
    return values.astype(_float_type(values))


def _like(values: Array, model: Array) -> Array:
    if np.issubdtype(model.dtype, np.integer):
        top = np.iinfo(model.dtype).max
        return np.clip(np.rint(values), 0, top).astype(model.dtype)
    return values.astype(model.dtype, copy=False)
