"""Rings round a hole are closed, torn corners found; what only looks alike is left."""

import cv2
import numpy as np
import pytest
from skimage import data

from pipeline.engine.fill.closing import closed
from pipeline.engine.fill.completion import completed
from pipeline.engine.fill.missing import missing


def ring(side=200, radius=30):
    rows, columns = np.mgrid[:side, :side] - side / 2
    away = np.hypot(rows, columns)
    return away, (away > radius - 4) & (away < radius + 2)


def test_a_flat_white_middle_is_closed():
    away, marks = ring()
    image = np.where(away < 30, 250, 110).astype(np.uint8)
    found = closed(image, marks)
    assert found[away < 25].all()
    assert not found[away > 27].any()


@pytest.mark.parametrize("middle", ["the ground's tone", "a picture"])
def test_what_is_no_hole_stays_open(middle):
    away, marks = ring()
    texture = np.random.default_rng(0).integers(60, 250, away.shape)
    inside = 118 if middle == "the ground's tone" else texture
    image = np.where(away < 36, inside, np.where(away < 30, 250, 110)).astype(np.uint8)
    assert not closed(image, marks).any()


def torn(tone, *, bed=0, where=(0, 0), seed=1):
    """A faded photograph with a jagged piece gone at `where`; and which piece."""
    rng = np.random.default_rng(seed)
    photo = np.clip(data.astronaut() * 0.7 + 40, 0, 255)
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    rough = cv2.GaussianBlur(rng.normal(0, 8, (1, 300)), (0, 0), 1.5)[0]
    radius = 70 + 5 * np.sin(5 * angle) + rough
    edge = np.stack([where[1] + radius * np.cos(angle), where[0] + radius * np.sin(angle)], 1)
    gone = cv2.fillPoly(np.zeros(photo.shape[:2], np.uint8), [np.rint(edge).astype(np.int32)], 1)
    photo[gone > 0] = tone
    photo = cv2.copyMakeBorder(photo, *[bed] * 4, cv2.BORDER_CONSTANT, value=(tone,) * 3)
    noise = rng.normal(0, 1, photo.shape[:2])[..., None]
    return np.clip(photo + noise, 0, 255).astype(np.uint8), np.pad(gone > 0, bed)


@pytest.mark.parametrize("tone", [251, 6])
@pytest.mark.parametrize(
    ("bed", "where"), [(0, (0, 0)), (0, (511, 511)), (40, (0, 511)), (40, (511, 250))]
)
def test_a_torn_corner_and_edge_are_found(tone, bed, where):
    image, gone = torn(tone, bed=bed, where=where)
    found = missing(image)
    assert (found & gone).sum() >= 0.9 * gone.sum()
    assert (found & ~gone).mean() < 0.004


def test_a_bed_around_a_whole_print_is_never_filled():
    photo = np.clip(data.astronaut() * 0.7 + 40, 0, 255).astype(np.uint8)
    for tone in (252, 5):
        scan = cv2.copyMakeBorder(photo, *[40] * 4, cv2.BORDER_CONSTANT, value=(tone,) * 3)
        assert not missing(scan).any()


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket", "camera", "page"])
def test_whole_photographs_miss_nothing(name):
    assert not missing(getattr(data, name)()).any()


def test_a_white_wedge_with_a_straight_edge_is_no_tear():
    image = np.clip(data.astronaut() * 0.7 + 40, 0, 255).astype(np.uint8)
    cv2.fillPoly(image, [np.array([[0, 0], [120, 0], [0, 120]])], (252, 252, 252))
    assert not missing(image).any()


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (40, 40)])
@pytest.mark.parametrize("tone", [0, 128, 255])
def test_any_size(shape, tone):
    bits = np.zeros(shape, np.uint8)
    made, facts = completed(np.full(shape, tone, np.uint8), bits)
    assert not made.any()
    assert facts == {"torn_off": 0.0, "closed": 0.0}


def test_what_is_added_is_marked_as_a_hole_and_told():
    image, gone = torn(251)
    bits = np.zeros(gone.shape, np.uint8)
    bits[300, 300:310] = 1
    made, facts = completed(image, bits)
    assert (made[gone] == 4).mean() > 0.9
    assert (made[300, 300:310] == 1).all()
    assert facts["torn_off"] == pytest.approx(gone.mean(), rel=0.2)
