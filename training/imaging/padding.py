"""Reflect padding up to the network's input multiple, and the crop that undoes it."""

import numpy as np
from numpy.typing import NDArray


def pad_to_multiple(image: NDArray[np.generic], multiple: int) -> NDArray[np.generic]:
    """H x W (x C) grown at the bottom and right by reflection to multiples of `multiple`.

    Works for any size of at least 1 px; np.pad reflects again where one reflection is short.
    """
    height, width = image.shape[:2]
    extra = [(0, -height % multiple), (0, -width % multiple)]
    if not any(after for _, after in extra):
        return image
    return np.pad(image, extra + [(0, 0)] * (image.ndim - 2), mode="reflect")


def crop_like(padded: NDArray[np.generic], image: NDArray[np.generic]) -> NDArray[np.generic]:
    """The top left part of `padded` with the height and width of `image`.

    Both are H x W or H x W x C.
    """
    return padded[: image.shape[0], : image.shape[1]]
