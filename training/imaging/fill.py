"""Fill holes with nothing learnt: the smooth start that the inpainting network corrects."""

import cv2
import numpy as np
from numpy.typing import NDArray

# How soon a coarse pixel counts as known; 4 lost 0.13 dB inside holes, 16 gained nothing.
_GAIN = np.float32(8)


def push_pull(image: NDArray[np.floating], hole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Fill the hole from a pyramid of the valid pixels (Gortler et al. 1996, push-pull).

    `image` is H x W or H x W x C float, `hole` H x W (true = missing). What the image holds
    inside the hole does not matter, not even NaN; valid pixels come back unchanged.
    Raises ValueError when no pixel is valid.
    """
    hole = hole.astype(bool)
    if hole.all():
        raise ValueError("no valid pixel to fill from")
    flat = image.astype(np.float32).reshape(*hole.shape, -1)
    known = np.where(hole[..., None], np.float32(0), flat)
    smooth = _fill_level(known, (~hole).astype(np.float32))
    filled = np.where(hole[..., None], smooth, flat)
    return filled.reshape(image.shape)


def _fill_level(values: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values are meaningful where weight > 0; the level below fills the rest, by weight."""
    height, width = weight.shape
    if weight.min() >= 1 or max(height, width) == 1:
        return values
    smaller_weight = _halve(weight)
    smaller = _halve(values * weight[..., None])
    smaller /= np.maximum(smaller_weight, np.float32(1e-12)).reshape(*smaller.shape[:2], 1)
    coarse = _fill_level(smaller, np.minimum(_GAIN * smaller_weight, 1))
    up = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    blend = weight[..., None]
    filled: NDArray[np.float32] = up.reshape(values.shape) * (1 - blend) + values * blend
    return filled


def _halve(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """A soft half-size copy (4 x 4 tent filter); zeros are added beyond an odd edge."""
    odd_h, odd_w = plane.shape[0] % 2, plane.shape[1] % 2
    even = cv2.copyMakeBorder(plane, 1, 1 + odd_h, 1, 1 + odd_w, cv2.BORDER_CONSTANT, value=0)
    kernel = np.array([1, 3, 3, 1], np.float32) / 8
    soft = cv2.sepFilter2D(even, -1, kernel, kernel, anchor=(1, 1), borderType=cv2.BORDER_CONSTANT)
    half = soft[1:-1:2, 1:-1:2]
    return np.ascontiguousarray(half.reshape(*half.shape[:2], *plane.shape[2:]))


def box_mean(image: NDArray[np.floating], size: int = 16) -> NDArray[np.float32]:
    """The local mean of H x W (x C) over boxes of about `size` px, by pooling and resizing."""
    height, width = image.shape[:2]
    small = (max(1, -(-width // size)), max(1, -(-height // size)))
    pooled = cv2.resize(image.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(pooled, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, np.float32).reshape(image.shape)
