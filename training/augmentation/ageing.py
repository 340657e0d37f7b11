"""What time and the scanner do to a whole picture: tone, paper, blur, grain, JPEG."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .media_presets import Medium
from .noise import Plane, cloud, grain, log_uniform, smooth_field


@dataclass(frozen=True)
class Look:
    """One drawn scan look. Levels 0..255, blur in px."""

    black: float
    white: float
    gamma: float
    waves: float
    vignette: float
    paper: float
    blur: float
    sharpen: float
    grain: float
    grain_blur: float
    jpeg: int | None

    @classmethod
    def draw(cls, rng: np.random.Generator, medium: Medium, strength: float = 1.0) -> "Look":
        """Draw a look; strength 0 leaves the picture alone, 1 is the usual range."""
        white = rng.uniform(*medium.white)
        return cls(
            black=strength * (medium.fade * 60 * rng.random() ** 2 - 25 * (rng.random() < 0.3)),
            white=255 - min(strength, 1.0) * (255 - white),
            gamma=log_uniform(rng, *medium.gamma) ** strength,
            waves=strength * log_uniform(rng, 0.5, 8),
            vignette=strength * max(0.0, rng.normal(0.02, 0.12)),
            paper=strength * log_uniform(rng, 0.3, 4) * (rng.random() < medium.paper_chance),
            blur=strength * rng.uniform(*medium.soften),
            sharpen=strength * rng.uniform(0.3, 1.8) * (rng.random() < medium.sharpen_chance),
            grain=strength * log_uniform(rng, *medium.grain),
            grain_blur=rng.uniform(*medium.grain_blur),
            jpeg=int(rng.integers(35, 96)) if rng.random() < 0.5 * strength else None,
        )


def fade(luma: Plane, look: Look, rng: np.random.Generator) -> Plane:
    """The print before the damage: H x W levels with gamma, range, vignette, waves, paper."""
    height, width = luma.shape
    tone = np.power(np.clip(luma, 0, 255) / 255, look.gamma, dtype=np.float32)
    faded = look.black + tone * (look.white - look.black)
    if look.vignette:
        faded *= 1 - look.vignette * _radius(height, width, rng)
    faded += look.waves * cloud(rng, (height, width), max(24.0, 0.35 * max(height, width)), 2)
    if look.paper:
        fibre = smooth_field(rng, (height, width), rng.uniform(2, 6))
        faded += look.paper * fibre * (0.4 + 0.6 * tone)
    return np.clip(faded, 0, 255).astype(np.float32)


def _radius(height: int, width: int, rng: np.random.Generator) -> Plane:
    """Squared distance from a point near the middle, 1 at the far corner."""
    cy, cx = rng.normal(0.5, 0.12, 2)
    ys = (np.arange(height, dtype=np.float32) / height - np.float32(cy)) ** 2
    xs = (np.arange(width, dtype=np.float32) / width - np.float32(cx)) ** 2
    plane = ys[:, None] + xs[None, :]
    return np.asarray(plane / max(float(plane.max()), 1e-6), np.float32)


def scan(luma: Plane, look: Look, rng: np.random.Generator) -> NDArray[np.uint8]:
    """What the scanner saves of the damaged print, uint8 H x W: blur, grain, sharpening, JPEG."""
    seen = cv2.GaussianBlur(luma, (0, 0), look.blur) if look.blur > 0.2 else luma
    if look.grain > 0.3:
        seen = seen + grain(rng, (luma.shape[0], luma.shape[1]), look.grain, look.grain_blur)
    if look.sharpen:
        seen = seen + look.sharpen * (seen - cv2.GaussianBlur(seen, (0, 0), 1.2))
    levels = np.clip(np.rint(seen), 0, 255).astype(np.uint8)
    return levels if look.jpeg is None else jpeg(levels, look.jpeg)


def jpeg(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """H x W or H x W x 3 (RGB) through a JPEG in memory; OpenCV sees our own bytes only.

    `quality` is 0..100. Raises ValueError where OpenCV cannot encode the picture.
    """
    order = image[..., ::-1] if image.ndim == 3 else image
    done, data = cv2.imencode(".jpg", order, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("JPEG encoding failed")
    flag = cv2.IMREAD_COLOR if image.ndim == 3 else cv2.IMREAD_GRAYSCALE
    decoded = np.asarray(cv2.imdecode(data, flag), np.uint8)
    return np.ascontiguousarray(decoded[..., ::-1] if image.ndim == 3 else decoded)


def sepia(luma: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """H x W x 3 of a toned print: one warm hue, deepest in the middle tones."""
    grey = luma.astype(np.float32)
    depth = rng.uniform(0.2, 1) * 4 * grey / 255 * (1 - grey / 255)
    warm = np.array([1.0, rng.uniform(0.1, 0.45), -1.0]) * rng.uniform(8, 34)
    warm -= warm @ np.array([0.299, 0.587, 0.114])
    toned = grey[..., None] + depth[..., None] * warm
    return np.clip(np.rint(toned), 0, 255).astype(np.uint8)
