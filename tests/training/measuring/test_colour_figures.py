"""Colour figures: classes by the true colour, the share worse than grey, colourfulness."""

import math

import numpy as np
import pytest

from training.imaging.colour import rgb_to_ycbcr
from training.measuring.colour_figures import classes_of, colourfulness, measure_colour


def photos():
    rng = np.random.default_rng(1)
    return [rng.integers(0, 256, (60, 80, 3), np.uint8)]


def true_chroma(photo):
    from training.imaging.colour import rgb_to_ycbcr

    return lambda _: rgb_to_ycbcr(photo.astype(np.float64))[..., 1:] - 128


def test_true_colours_have_no_error():
    photo = photos()[0]
    figures = measure_colour([photo], true_chroma(photo), (120, 130)).methods["network"]
    assert figures["mse_cbcr"] < 1e-6 and figures["mse_rgb"] < 0.01


def test_grey_and_mean_are_measured_beside_the_network():
    flat = np.full((60, 60, 3), (200, 140, 110), np.uint8)
    report = measure_colour([flat], None, (105.0, 160.0))
    assert set(report.methods) == {"grey", "mean chroma"}
    assert report.methods["mean chroma"]["mse_cbcr"] < report.methods["grey"]["mse_cbcr"]


def test_a_cast_is_signed_and_undefined_without_its_region():
    skin = np.full((60, 60, 3), (200, 140, 110), np.uint8)
    grey = measure_colour([skin], None, (128, 128)).methods["grey"]
    assert grey["skin_cast_cr"] < -10 and grey["skin_cast_cb"] > 5
    assert math.isnan(grey["cloth_cast_cb"])


def test_faces_get_a_chroma_error_of_their_own():
    photo = np.random.default_rng(2).integers(0, 256, (40, 40, 3), np.uint8)
    on_face = np.zeros((40, 40), bool)
    on_face[:20] = True
    figures = measure_colour([photo], None, (128, 128), faces=lambda _: on_face).methods["grey"]
    ycc = rgb_to_ycbcr(photo.astype(np.float32))[:20, :, 1:] - 128
    assert figures["chroma_error_faces"] == pytest.approx(np.hypot(*ycc.T).mean(), rel=1e-3)


def test_colourfulness_is_zero_for_grey_and_as_published_for_two_colours():
    grey = np.random.default_rng(3).integers(0, 256, (20, 20, 1)).repeat(3, axis=2)
    assert colourfulness(grey) == 0
    halves = np.zeros((2, 2, 3), np.uint8)
    halves[0] = (255, 0, 0)
    halves[1] = (0, 0, 255)
    # rg: 255, 0; yb: 127.5, -255
    spread = math.hypot(127.5, 191.25)
    assert colourfulness(halves) == pytest.approx(spread + 0.3 * math.hypot(127.5, -63.75))


@pytest.mark.parametrize(
    ("kind", "rgb"),
    [
        ("skin", (200, 140, 110)),
        ("skin", (120, 80, 60)),
        ("sky", (120, 170, 230)),
        ("foliage", (60, 110, 40)),
        ("other", (180, 20, 30)),
        ("other", (128, 128, 128)),
    ],
)
def test_classes_are_told_by_the_true_colour(kind, rgb):
    true = rgb_to_ycbcr(np.full((10, 10, 3), rgb, np.float32))
    found = classes_of(true)
    assert found[kind][0, 0] and sum(int(where[0, 0]) for where in found.values()) == 1


def test_the_worst_class_and_the_pictures_worse_than_grey_are_told():
    """Right on skin, twice too far on foliage: worse than grey on one of two pictures."""
    skin = np.full((40, 40, 3), (200, 140, 110), np.uint8)
    leaf = np.full((40, 40, 3), (60, 110, 40), np.uint8)
    truth = iter([true_chroma(skin)(None), -2 * true_chroma(leaf)(None)])
    figures = measure_colour([skin, leaf], lambda _: next(truth), (128, 128)).methods["network"]
    assert figures["worse_than_grey"] == 0.5
    assert figures["worst_class_to_grey"] == pytest.approx(9, rel=1e-3)
    assert figures["mse_skin"] == pytest.approx(0, abs=1e-3) and math.isnan(figures["mse_sky"])


def test_too_little_colour_is_measured_against_the_truth():
    photo = photos()[0]
    half = measure_colour([photo], lambda y: true_chroma(photo)(y) / 2, (128, 128))
    assert 0.4 < half.methods["network"]["colourfulness"] < 0.6
    assert half.methods["grey"]["colourfulness"] == pytest.approx(0, abs=0.01)
