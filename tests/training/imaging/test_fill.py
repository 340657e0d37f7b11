import numpy as np
import pytest

from training.imaging.fill import box_mean, push_pull


def scene(height=61, width=83):
    rng = np.random.default_rng(5)
    image = rng.uniform(0, 255, (height, width, 3)).astype(np.float32)
    hole = np.zeros((height, width), bool)
    hole[20:41, 30:70] = True
    hole[:, 5] = True
    return image, hole


@pytest.mark.parametrize("rubbish", [0.0, 1e30, np.nan, np.inf])
def test_what_the_hole_holds_does_not_matter(rubbish):
    image, hole = scene()
    dirty = image.copy()
    dirty[hole] = rubbish
    np.testing.assert_array_equal(push_pull(dirty, hole), push_pull(image, hole))


def test_valid_pixels_are_untouched():
    image, hole = scene()
    assert (push_pull(image, hole)[~hole] == image[~hole]).all()


def test_a_constant_is_filled_with_itself():
    _, hole = scene()
    filled = push_pull(np.full((*hole.shape, 2), 77, np.float32), hole)
    np.testing.assert_allclose(filled, 77, rtol=1e-5)


def test_a_fill_stays_between_its_surroundings():
    image, hole = scene()
    filled = push_pull(image, hole)
    assert filled.min() >= image[~hole].min() - 1e-3
    assert filled.max() <= image[~hole].max() + 1e-3


def test_a_ramp_is_continued():
    ramp = np.tile(np.arange(64, dtype=np.float32), (64, 1))
    hole = np.zeros((64, 64), bool)
    hole[24:40, 24:40] = True
    assert np.abs(push_pull(ramp, hole) - ramp).max() < 4


def test_one_valid_pixel_fills_everything():
    hole = np.ones((7, 9), bool)
    hole[3, 2] = False
    np.testing.assert_allclose(push_pull(np.full((7, 9), 42.0), hole), 42, rtol=1e-5)


def test_nothing_valid_is_refused():
    with pytest.raises(ValueError, match="no valid pixel"):
        push_pull(np.zeros((4, 4, 3)), np.ones((4, 4), bool))


@pytest.mark.parametrize("shape", [(64, 48), (37, 91, 3), (5, 5)])
def test_box_mean_keeps_constants_and_shape(shape):
    mean = box_mean(np.full(shape, 9.0))
    assert mean.shape == shape
    np.testing.assert_allclose(mean, 9, rtol=1e-6)


def test_box_mean_removes_detail_finer_than_the_box():
    stripes = np.tile(np.array([0.0, 10.0]), (64, 32))
    np.testing.assert_allclose(box_mean(stripes), 5, atol=1e-4)
