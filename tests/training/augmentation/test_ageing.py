import numpy as np
import pytest

from training.augmentation.ageing import Look, fade, jpeg, scan, sepia
from training.augmentation.media_presets import FILM, PRINT
from training.augmentation.noise import ar1, grain, smooth_field
from training.augmentation.preview import contact_sheet, tint


def rng(seed=0):
    return np.random.default_rng(seed)


def test_strength_zero_changes_nothing():
    plane = rng().uniform(0, 255, (50, 60)).astype(np.float32)
    look = Look.draw(rng(1), PRINT, 0.0)
    aged = scan(fade(plane, look, rng(2)), look, rng(3))
    assert np.abs(aged - plane).max() <= 0.51


def test_fading_narrows_the_range():
    ramp = np.tile(np.linspace(0, 255, 200, dtype=np.float32), (100, 1))
    spans = [np.ptp(fade(ramp, Look.draw(rng(s), FILM), rng(s))) for s in range(20)]
    assert np.median(spans) < 240


def test_grain_has_its_standard_deviation():
    assert grain(rng(), (200, 200), 5.0, 0.8).std() == pytest.approx(5, rel=0.02)


def test_series_are_stationary_and_correlated():
    series = ar1(rng(), 20_000, 0.9)
    assert series.std() == pytest.approx(1, rel=0.1)
    assert np.corrcoef(series[1:], series[:-1])[0, 1] == pytest.approx(0.9, abs=0.02)
    starts = [ar1(rng(seed), 2, 0.9)[0] for seed in range(400)]
    assert np.std(starts) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize("size", [3, 20, 300])
def test_fields_are_smooth_and_fill_the_picture(size):
    field = smooth_field(rng(), (70, 90), size)
    assert field.shape == (70, 90)
    assert np.abs(np.diff(field, axis=1)).max() < 6 / size


def test_jpeg_keeps_colour_order():
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 0] = 200
    assert np.abs(jpeg(red, 95).astype(int) - red).max() < 12


def test_sepia_is_warm_and_keeps_luma():
    grey = np.tile(np.arange(256, dtype=np.uint8), (4, 1))
    toned = sepia(grey, rng()).astype(int)
    assert (toned[..., 0] >= toned[..., 2]).all()
    assert np.abs(toned @ [0.299, 0.587, 0.114] - grey).max() < 6


def test_a_contact_sheet_holds_every_picture():
    pictures = [np.full((10, 20), 255, np.uint8), np.zeros((8, 8, 3), np.uint8)] * 3
    sheet = contact_sheet(pictures, columns=4)
    assert sheet.shape == (28, 96, 3)
    assert (sheet == 255).all(axis=2).sum() == 3 * 200


def test_tinting_shows_the_classes():
    grey = np.full((4, 4), 100, np.uint8)
    classes = np.zeros((4, 4), np.uint8)
    classes[0] = 1
    shown = tint(grey, classes)
    assert (shown[0, :, 0] > 150).all() and (shown[1:] == 100).all()
