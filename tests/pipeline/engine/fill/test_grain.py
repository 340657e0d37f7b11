"""Fills get the grain of their surroundings, the same at every run, and no other pixel changes."""

import cv2
import numpy as np
import pytest

from pipeline.engine.fill.grain import add_grain, gradient_energy, made_grain


def grainy(sigma, blur, seed=2, side=200):
    noise = np.random.default_rng(seed).standard_normal((side, side)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), blur) if blur else noise
    waves = 30 * np.sin(np.arange(side) / 40)[:, None]
    return 120 + waves + sigma / noise.std() * noise


def smoothed(values, hole, dtype):
    """The hole filled without any grain."""
    smooth = 120 + 30 * np.sin(np.arange(values.shape[0]) / 40)[:, None] + 0 * values
    scale = 257 if dtype == np.uint16 else 1
    return np.rint(np.where(hole, smooth, values) * scale).clip(0, 255 * scale).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("sigma", "blur"), [(4, 0), (4, 0.7), (9, 1.0)])
def test_the_fill_has_its_surroundings_gradient_energy(sigma, blur, dtype):
    hole = np.zeros((200, 200), bool)
    hole[70:130, 70:130] = True
    image = smoothed(grainy(sigma, blur), hole, dtype)
    before = image.copy()
    add_grain(image, hole, hole, np.random.default_rng(1))
    plane = image.astype(np.float32) / (257 if dtype == np.uint16 else 1)
    own = gradient_energy(plane, hole)[100, 100]
    around = gradient_energy(plane, ~hole)[60, 100]
    assert own / around == pytest.approx(1, abs=0.15)
    np.testing.assert_array_equal(image[~hole], before[~hole])


def test_the_same_seed_gives_the_same_grain_wherever_else_is_filled():
    hole, more = np.zeros((2, 200, 200), bool)
    hole[70:130, 70:130] = more[70:130, 70:130] = more[10:20, 150:190] = True
    first, second = (smoothed(grainy(4, 0), mask, np.uint8) for mask in (hole, hole))
    add_grain(first, hole, hole, np.random.default_rng(3))
    add_grain(second, hole, more & hole, np.random.default_rng(3))
    np.testing.assert_array_equal(first, second)
    other = smoothed(grainy(4, 0), hole, np.uint8)
    add_grain(other, hole, hole, np.random.default_rng(4))
    assert (other != first)[hole].mean() > 0.5


def test_a_smooth_picture_gets_no_grain():
    image = np.full((100, 100, 3), 90, np.uint8)
    hole = np.zeros((100, 100), bool)
    hole[30:70, 30:70] = True
    add_grain(image, hole, hole, np.random.default_rng(0))
    assert (image == 90).all()


def test_noise_is_made_to_an_energy_of_one():
    noise = made_grain(np.random.default_rng(5), 0.8).noise
    energy = gradient_energy(noise, np.ones(noise.shape, bool))
    assert np.median(energy) == pytest.approx(1, abs=0.03)
