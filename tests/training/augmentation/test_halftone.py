"""The dots of printed pictures: tones stay, angles vary, and colour's target never sees them."""

import cv2
import numpy as np
import pytest

from training.augmentation import samples
from training.augmentation.halftone import PERIOD, halftone
from training.augmentation.samples import HALFTONE_SHARE, colorization_sample

MEAN = 1.0  # levels that the mean of a flat tone may move on 96 x 96 px
LOCAL = 6.0  # levels that a mean over some dots may move on a ramp


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("tone", [0, 1, 17, 64, 128, 191, 240, 255])
def test_flat_tones_keep_their_mean_and_their_range(tone):
    for seed in range(20):
        printed = halftone(np.full((96, 96), tone, np.float32), rng(seed))
        assert printed.dtype == np.float32 and printed.min() >= 0 and printed.max() <= 255
        assert printed.mean() == pytest.approx(tone, abs=MEAN)
        assert np.ptp(printed) > 5 or tone in (0, 1, 255)


@pytest.mark.parametrize("seed", range(12))
def test_a_ramp_keeps_its_tones_from_place_to_place(seed):
    ramp = np.tile(np.linspace(0, 255, 256, dtype=np.float32), (64, 1))
    moved = cv2.GaussianBlur(halftone(ramp, rng(seed)) - ramp, (0, 0), 6.0)
    assert np.abs(moved).max() < LOCAL


def test_levels_out_of_range_are_clipped():
    printed = halftone(np.array([[-40.0, 300.0]], np.float32), rng())
    np.testing.assert_allclose(printed, [[0, 255]], atol=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_dots_stand_three_to_six_pixels_apart(seed):
    printed = halftone(np.full((192, 192), 128, np.float32), rng(seed))
    power = np.abs(np.fft.fft2(printed - printed.mean()))
    row, column = np.unravel_index(power.argmax(), power.shape)
    frequency = np.hypot(*np.fft.fftfreq(192)[[row, column]])
    assert 1 / PERIOD[1] - 0.01 < frequency < 1 / PERIOD[0] + 0.01


def test_the_seed_decides_the_dots():
    plane = np.full((40, 30), 90, np.float32)
    assert np.array_equal(halftone(plane, rng(3)), halftone(plane, rng(3)))
    assert not np.array_equal(halftone(plane, rng(3)), halftone(plane, rng(4)))
    assert (plane == 90).all()


def test_only_what_the_network_sees_is_printed(monkeypatch):
    photo = rng(1).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    photo = cv2.resize(photo, (160, 120), interpolation=cv2.INTER_CUBIC)
    found = []
    for share in (0.0, 1.0):
        monkeypatch.setattr(samples, "HALFTONE_SHARE", share)
        found.append([colorization_sample(photo, size=64, rng=rng(seed)) for seed in range(6)])
    for (plain, truth), (printed, same) in zip(*found, strict=True):
        assert np.array_equal(truth, same)
        assert printed.dtype == np.uint8 and not np.array_equal(plain, printed)


def test_a_few_of_a_hundred_colour_samples_are_printed(monkeypatch):
    seen = []
    monkeypatch.setattr(samples, "halftone", lambda plane, _: seen.append(1) or plane)
    photo = np.full((40, 40, 3), 120, np.uint8)
    for seed in range(500):
        colorization_sample(photo, size=32, rng=rng(seed))
    assert 0.01 <= HALFTONE_SHARE <= 0.06
    assert len(seen) / 500 == pytest.approx(HALFTONE_SHARE, abs=0.025)
