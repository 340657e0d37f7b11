"""Seeded noise: correlated series along a walk and smooth fields over a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Plane = NDArray[np.floating]


def ar1(rng: np.random.Generator, length: int, rho: float) -> NDArray[np.float64]:
    """`length` steps of a stationary first-order series: mean 0, variance 1, correlation rho."""
    steps = rng.standard_normal(length)
    steps[1:] *= np.sqrt(1 - rho * rho)
    return np.asarray(lfilter([1.0], [1.0, -rho], steps))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], size: float) -> Plane:
    """An H x W field of about unit variance whose blobs measure about `size` px."""
    # large blobs are drawn small and enlarged: the cost stays that of a small picture
    stride = 4 if size >= 24 else 1
    height, width = (-(-length // stride) + 1 for length in shape)
    rows, columns = int(height * stride / size) + 4, int(width * stride / size) + 4
    grid = rng.standard_normal((rows, columns)).astype(np.float32)
    step = stride / size
    place = np.array([[step, 0, 1 + rng.random()], [0, step, 1 + rng.random()]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    field = cv2.warpAffine(grid, place, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT)
    if stride > 1:
        field = cv2.resize(field, (width * stride, height * stride), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(field[: shape[0], : shape[1]])


def cloud(rng: np.random.Generator, shape: tuple[int, int], size: float, octaves: int = 3) -> Plane:
    """Smooth fields of halving size added at halving strength, about unit variance."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        total += smooth_field(rng, shape, max(2.0, size / 2**octave)) * np.float32(0.55**octave)
    return total * np.float32(1 / np.sqrt(sum(0.3025**k for k in range(octaves))))


def grain(rng: np.random.Generator, shape: tuple[int, int], sigma: float, blur: float) -> Plane:
    """Film grain of the given standard deviation in levels, softened by `blur` px."""
    plane = rng.standard_normal(shape, dtype=np.float32)
    if blur > 0:
        plane = cv2.GaussianBlur(plane, (0, 0), blur)
        plane /= max(float(plane.std()), 1e-6)
    return np.asarray(plane * np.float32(sigma), np.float32)
