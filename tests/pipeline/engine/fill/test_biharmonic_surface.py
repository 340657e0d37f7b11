"""The surface over holes is scikit-image's, bit by bit."""

import cv2
import numpy as np
import pytest
from skimage.restoration import inpaint_biharmonic

from pipeline.engine.fill.biharmonic_surface import surface


def holes(rng, shape):
    """Lines and blobs, some of them along the border."""
    plane = np.zeros(shape, np.uint8)
    for _ in range(5):
        (x, y), (u, v) = rng.integers(-3, shape[::-1], (2, 2))
        width = int(rng.integers(1, 6))
        cv2.line(plane, (int(x), int(y)), (int(u), int(v)), 1, width)
    plane[0, :4] = plane[-2:, -5:] = 1
    return plane > 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("channels", [1, 3])
def test_answers_are_scikit_images_to_the_last_bit(seed, channels):
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(12, 70)), int(rng.integers(12, 70)))
    known = cv2.GaussianBlur(rng.random((*shape, channels), np.float32), (0, 0), 2)
    known = known.reshape(*shape, channels)
    hole = holes(rng, shape)
    seen = np.where(hole[..., None], np.float32(0), known)
    wanted = inpaint_biharmonic(seen, hole, channel_axis=-1)
    assert wanted.dtype == np.float32
    np.testing.assert_array_equal(surface(known, hole), wanted[hole])


@pytest.mark.parametrize("shape", [(3, 4), (1, 9), (9, 2), (6, 6)])
def test_small_pictures_have_all_their_pixels_at_the_rim(shape):
    hole = np.zeros(shape, bool)
    hole[0, 1:3] = True
    hole[-1, -1] = True
    known = np.random.default_rng(3).random((*shape, 1), np.float32)
    seen = np.where(hole[..., None], np.float32(0), known)
    answer = surface(known, hole)
    np.testing.assert_array_equal(answer, inpaint_biharmonic(seen, hole, channel_axis=-1)[hole])


def test_what_lies_in_the_hole_does_not_matter():
    rng = np.random.default_rng(4)
    known = rng.random((20, 30, 1), np.float32)
    hole = holes(rng, (20, 30))
    spoilt = np.where(hole[..., None], np.float32(np.nan), known)
    np.testing.assert_array_equal(surface(spoilt, hole), surface(known, hole))


def test_no_hole_has_no_surface():
    assert surface(np.zeros((5, 5, 3), np.float32), np.zeros((5, 5), bool)).shape == (0, 3)
