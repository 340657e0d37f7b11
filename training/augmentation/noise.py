"""Seeded noise: correlated series along a walk and smooth fields over a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Plane = NDArray[np.floating]


def ar1(rng: np.random.Generator, length: int, rho: float) -> NDArray[np.float64]:
    """(length,) of a stationary first-order series: mean 0, variance 1, correlation rho."""
    steps = rng.standard_normal(length)
    steps[1:] *= np.sqrt(1 - rho * rho)
    return np.asarray(lfilter([1.0], [1.0, -rho], steps))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number from low to high (both above 0) whose logarithm is uniform."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], size: float) -> Plane:
    """An H x W field of about unit variance whose blobs measure about `size` px."""
    stride = _stride(size)
    return np.ascontiguousarray(_enlarged(_coarse(rng, shape, size, stride), stride, shape))


def _stride(size: float) -> int:
    """Large blobs are drawn small and enlarged: the cost stays that of a small picture."""
    return 4 if size >= 24 else 2 if size >= 10 else 1


def _coarse(rng: np.random.Generator, shape: tuple[int, int], size: float, stride: int) -> Plane:
    """Every `stride`-th pixel of the field, and a row and column beyond its end."""
    height, width = (-(-length // stride) + 1 for length in shape)
    rows, columns = int(height * stride / size) + 4, int(width * stride / size) + 4
    grid = rng.standard_normal((rows, columns)).astype(np.float32)
    scale = stride / size
    place = np.array([[scale, 0, 1 + rng.random()], [0, scale, 1 + rng.random()]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    field = cv2.warpAffine(grid, place, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(field, np.float32)


def _enlarged(field: Plane, stride: int, shape: tuple[int, int]) -> Plane:
    if stride > 1:
        size = (field.shape[1] * stride, field.shape[0] * stride)
        field = np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return field[: shape[0], : shape[1]]


def cloud(rng: np.random.Generator, shape: tuple[int, int], size: float, octaves: int = 3) -> Plane:
    """Smooth fields of halving size added at halving strength, about unit variance.

    H x W of `shape`; `size` is that of the largest blobs, in px.
    """
    even = 1 / np.sqrt(sum(0.3025**k for k in range(octaves)))
    coarse: dict[int, Plane] = {}  # octaves of one stride are enlarged together
    for octave in range(octaves):
        blobs = max(2.0, size / 2**octave)
        stride = _stride(blobs)
        field = _coarse(rng, shape, blobs, stride) * np.float32(even * 0.55**octave)
        coarse[stride] = coarse[stride] + field if stride in coarse else field
    total: Plane = np.zeros(shape, np.float32)
    for stride, field in coarse.items():
        total += _enlarged(field, stride, shape)
    return total


def grain(rng: np.random.Generator, shape: tuple[int, int], sigma: float, blur: float) -> Plane:
    """Film grain of the given standard deviation in levels, softened by `blur` px."""
    plane = rng.standard_normal(shape, dtype=np.float32)
    if blur > 0:
        plane = cv2.GaussianBlur(plane, (0, 0), blur)
        plane /= max(float(plane.std()), 1e-6)
    return np.asarray(plane * np.float32(sigma), np.float32)


def soft_noise(rng: np.random.Generator, shape: tuple[int, int], blur: float) -> Plane:
    """Unit-variance noise softened by `blur` px, from even numbers: blurred, nobody sees the
    difference to normal ones, which take seven times as long to draw."""
    plane = rng.integers(0, 1 << 16, shape, np.uint16).astype(np.float32)
    plane -= np.float32(32767.5)
    plane = cv2.GaussianBlur(plane, (0, 0), blur)
    plane *= np.float32(1 / max(float(plane[::4, ::4].std()), 1e-6))
    return np.asarray(plane, np.float32)


def step(height: Plane) -> Plane:
    """A soft step from 0 to 1 where the H x W field passes 0: the logistic function, in place."""
    height *= np.float32(0.5)
    np.tanh(height, out=height)
    height *= np.float32(0.5)
    height += np.float32(0.5)
    return height
