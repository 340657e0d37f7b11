"""Damage drawn over the astronaut's face: creases of 3 px light and 3 px shadow, and flakes."""

from collections.abc import Iterator

import cv2
import numpy as np

from training.probes.harm.faces import portrait

HEIGHTS = (111, 200, 300, 400)
LEVELS = (35, 90)
EACH = 3


def damaged(rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(name, picture, where the damage is)."""
    for height in HEIGHTS:
        for _ in range(EACH):
            for level in LEVELS:
                yield f"crease of {level} levels", *_crease(rng, height, level)
            yield "flakes", *_flakes(rng, height)


def _crease(rng, height, level):
    """A slightly wandering line through the face and out of the picture on both sides."""
    picture, place = portrait(height)
    turn = rng.uniform(0, np.pi)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    steps = np.arange(-2 * max(picture.shape), 2 * max(picture.shape), 4.0)
    wander = np.cumsum(rng.normal(0, 0.35, len(steps)))
    wander += rng.uniform(-0.3, 0.3) * place.height - wander[len(steps) // 2]
    path = np.array(place.centre) + steps[:, None] * along + wander[:, None] * across
    light, shadow = (_line(picture.shape, path + 3 * k * across) for k in (0, 1))
    plane = picture + level * light - 0.6 * level * shadow * (1 - light)
    return _grained(rng, plane), light > 0.35


def _line(shape, path):
    plane = np.zeros(shape, np.uint8)
    cv2.polylines(plane, [np.round(path * 16).astype(np.int32)], False, 255, 3, cv2.LINE_AA, 4)
    return plane / 255


def _flakes(rng, height):
    """Fourteen ragged pieces of bare paper."""
    picture, place = portrait(height)
    cover = np.zeros(picture.shape, np.uint8)
    for _ in range(14):
        off = rng.uniform(-0.5, 0.5, 2) * (place.width, place.height)
        radius = rng.uniform(0.015, 0.06) * place.height + 2
        at = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        ragged = radius * rng.uniform(0.6, 1.3, 12)
        points = (
            np.array(place.centre) + off + np.stack([np.cos(at), np.sin(at)], 1) * ragged[:, None]
        )
        cv2.fillPoly(cover, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = cover / 255
    return _grained(rng, picture * (1 - share) + 235 * share), share > 0.5


def _grained(rng, plane):
    return np.clip(np.rint(plane + rng.normal(0, 2, plane.shape)), 0, 255).astype(np.uint8)
