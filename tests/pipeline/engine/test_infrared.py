"""Drawn film scans with known dust: found in the infrared, moved onto the picture, filled."""

import cv2
import numpy as np
import pytest

from pipeline.engine import infrared
from tests.pipeline.engine.tiny import picture

SIDES = (420, 560)


def drawn_dust(seed, height, width):
    """Specks, hairs and a scratch: H x W booleans."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), np.uint8)
    for _ in range(40):
        x, y, r = rng.integers(20, width - 20), rng.integers(20, height - 20), rng.integers(1, 5)
        cv2.circle(mask, (int(x), int(y)), int(r), 1, -1)
    for _ in range(4):
        points = np.cumsum(rng.normal(0, 9, (12, 2)), 0) + rng.uniform(60, min(SIDES) - 60, 2)
        cv2.polylines(mask, [points.astype(np.int32)], False, 1, 2)
    cv2.line(mask, (width // 3, 0), (width // 3 + 6, height), 1, 1)
    return mask > 0


def scan(seed=1, shift=(0, 0), deep=False, light=False, leak=0.06):
    """(plane, luma, dust): film whose dyes leave a little of the picture in the infrared."""
    height, width = SIDES
    rng = np.random.default_rng(seed)
    dust = drawn_dust(seed, height, width)
    luma = cv2.resize(picture(height // 4, width // 4, channels=1, seed=seed), SIDES[::-1])
    values = luma.astype(np.float32)
    values[dust] = 235 if light else 25
    plane = 190 * (values.clip(1) / values.mean()) ** leak * (1 + rng.normal(0, 0.012, SIDES))
    plane *= np.linspace(0.85, 1.05, width)
    seen = cv2.GaussianBlur(np.where(dust, 0.15, 1.0), (0, 0), 0.6)
    plane = np.roll(plane * seen, [-each for each in shift], (0, 1))
    kind, factor = (np.uint16, 257) if deep else (np.uint8, 1)
    made = ((np.rint(each.clip(0, 255)) * factor).astype(kind) for each in (plane, values))
    return (*made, dust)


def figures(found, dust):
    """(recall of the dust's pixels, false pixels two px and more from it, of the picture)."""
    near = cv2.dilate(dust.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return (found & dust).sum() / dust.sum(), (found & ~near).sum() / found.size


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "how",
    [{}, {"shift": (3, -5)}, {"deep": True}, {"light": True, "shift": (-2, 2)}, {"leak": 0.0}],
)
def test_known_dust_is_found_and_little_else(seed, how):
    plane, luma, dust = scan(seed, **how)
    found = infrared.find_dust(plane, luma)
    recall, false = figures(found.bits, dust)
    assert recall >= 0.95
    assert false <= 0.001
    assert found.shift == pytest.approx(how.get("shift", (0, 0)), abs=1)


def test_clean_film_has_no_dust():
    plane, luma, _ = scan()
    clean = np.full_like(plane, 190) + np.random.default_rng(0).integers(0, 6, SIDES, np.uint8)
    found = infrared.find_dust(clean, luma)
    assert found.report["share"] <= 0.001
    assert found.shift == (0, 0)


def test_planes_of_other_sizes_are_refused():
    with pytest.raises(ValueError, match="another size"):
        infrared.find_dust(np.ones((5, 5), np.uint8), np.ones((5, 6), np.uint8))
