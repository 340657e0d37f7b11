"""Mirror averaging: the mean over four flips makes a network blind to left and right."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FLIPS: tuple[tuple[int, ...], ...] = ((), (0,), (1,), (0, 1))


def mirror_average(
    function: Callable[[NDArray[np.generic]], NDArray[np.floating]], image: NDArray[np.generic]
) -> NDArray[np.float32]:
    """Mean of `function` over {identity, horizontal, vertical, both}.

    `function` maps H x W (x C) to H x W (x K) and does its own padding and cropping, so each
    pass is flip, pad, run, crop, flip back, and flipping the input flips the output exactly.
    """
    total = np.zeros((), np.float32)
    for axes in FLIPS:
        answer = function(np.ascontiguousarray(np.flip(image, axes)))
        total = total + np.flip(answer, axes).astype(np.float32)
    return np.asarray(total / len(FLIPS), np.float32)
