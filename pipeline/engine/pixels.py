"""Between stored pixels (uint8, uint16) and the floats 0..1 that networks read."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging import colour

Picture = NDArray[Any]


def check(image: Picture) -> None:
    """Raises ValueError with a sentence when the array is not a picture of ours.

    Ours are H x W or H x W x 3, uint8 or uint16, and not empty.
    """
    if image.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels must be uint8 or uint16, not {image.dtype}")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError(f"a picture is H x W or H x W x 3, not {image.shape}")
    if 0 in image.shape:
        raise ValueError("the picture is empty")


def peak(image: Picture) -> float:
    """The largest value of its type: 65535 of uint16, 255 of uint8."""
    return 65535.0 if image.dtype == np.uint16 else 255.0


def luma(image: Picture) -> NDArray[np.float32]:
    """Y in 0..1, H x W; greys are their own luma and nothing is rounded on the way."""
    values = image.astype(np.float32) / np.float32(peak(image))
    if image.ndim == 2:
        return values
    return np.asarray(colour.luma(values), np.float32)


def rgb(image: Picture) -> NDArray[np.float32]:
    """H x W x 3 in 0..1; a grey picture three times."""
    values = image.astype(np.float32) / np.float32(peak(image))
    return values if image.ndim == 3 else np.repeat(values[..., None], 3, axis=2)


def stored(values: NDArray[np.floating], like: Picture) -> Picture:
    """RGB floats 0..1 (N x 3 or H x W x 3) on the scale and with the channels of `like`."""
    if like.ndim == 2:
        values = np.asarray(colour.luma(values))
    top = peak(like)
    pixels: Picture = np.rint(np.clip(values, 0, 1) * top).astype(like.dtype)
    return pixels


def shrunk(plane: NDArray[np.floating], side: int) -> NDArray[np.float32]:
    """By area until the long side is at most `side` px; smaller pictures stay as they are."""
    height, width = plane.shape[:2]
    factor = side / max(height, width)
    if factor >= 1:
        return np.asarray(plane, np.float32)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(plane.astype(np.float32, copy=False), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def enlarged(
    grid: NDArray[np.float32], size: tuple[int, int], box: tuple[slice, slice]
) -> NDArray[np.float32]:
    """Rows and columns `box` of the h x w x C grid at `size` = (H, W), bilinear between centres.

    What a box holds does not depend on the box: strips of it join without seams.
    """
    upper, lower, down = _between(grid.shape[0], size[0], box[0])
    left, right, across = _between(grid.shape[1], size[1], box[1])
    tall = grid[upper] * (1 - down)[:, None, None] + grid[lower] * down[:, None, None]
    wide = tall[:, left] * (1 - across)[:, None] + tall[:, right] * across[:, None]
    return np.asarray(wide, np.float32)


def _between(
    small: int, full: int, part: slice
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """(lower grid index, upper, share of the upper) of the px of a part of a side."""
    places = np.arange(*part.indices(full))
    at = np.clip((places + 0.5) * small / full - 0.5, 0, small - 1)
    low = np.floor(at).astype(np.intp)
    return low, np.minimum(low + 1, small - 1), (at - low).astype(np.float32)
