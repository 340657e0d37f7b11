from pathlib import Path

import numpy as np
import pytest

from training.imaging.colour import luma, merge_chroma, rgb_to_ycbcr, ycbcr_to_rgb

GOLDEN = np.load(Path(__file__).parents[1] / "networks" / "golden" / "ycbcr.npz")


@pytest.mark.parametrize("case", ["random", "corners"])
def test_floats_meet_the_unrounded_formula(case):
    ours = rgb_to_ycbcr(GOLDEN[f"{case}_rgb"].astype(np.float64))
    np.testing.assert_allclose(ours, GOLDEN[f"{case}_ycbcr_float64"], atol=1e-9)


@pytest.mark.parametrize("case", ["random", "corners", "grey"])
def test_integers_are_within_one_of_pillow(case):
    ours = rgb_to_ycbcr(GOLDEN[f"{case}_rgb"]).astype(int)
    assert np.abs(ours - GOLDEN[f"{case}_ycbcr"]).max() <= 1


def test_the_way_back_meets_the_formula():
    back = ycbcr_to_rgb(GOLDEN["randomycc_ycbcr"].astype(np.float64))
    np.testing.assert_allclose(
        np.clip(back, 0, 255), np.clip(GOLDEN["randomycc_rgb_float64"], 0, 255), atol=1e-5
    )
    assert (
        np.abs(ycbcr_to_rgb(GOLDEN["randomycc_ycbcr"]).astype(int) - GOLDEN["randomycc_rgb"]).max()
        <= 1
    )


def test_greys_have_no_chroma():
    assert (rgb_to_ycbcr(GOLDEN["grey_rgb"])[..., 1:] == 128).all()


def test_luma_is_the_first_channel():
    rgb = GOLDEN["random_rgb"]
    assert (luma(rgb) == rgb_to_ycbcr(rgb)[..., 0]).all()


def wild_chroma(shape, rng):
    return rng.uniform(0, 255, shape), rng.uniform(0, 255, shape)


def test_merge_never_touches_luma():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 256, (64, 64), np.uint8)
    rgb = merge_chroma(y, *wild_chroma(y.shape, rng))
    assert rgb.dtype == np.uint8
    assert (luma(rgb) == y).all()


def test_merge_keeps_sixteen_bits():
    rng = np.random.default_rng(2)
    y = rng.integers(0, 65536, (64, 64), np.uint16)
    rgb = merge_chroma(y, *wild_chroma(y.shape, rng))
    assert rgb.dtype == np.uint16
    assert (luma(rgb) == y).all()
    assert len(np.unique(rgb)) > 5000


def test_floats_stay_in_gamut_with_exact_luma():
    rng = np.random.default_rng(3)
    y = rng.uniform(0, 255, (64, 64))
    rgb = merge_chroma(y, *wild_chroma(y.shape, rng))
    assert rgb.min() >= 0 and rgb.max() <= 255
    np.testing.assert_allclose(luma(rgb), y, atol=1e-9)


def test_chroma_that_fits_is_kept():
    rgb = np.random.default_rng(4).uniform(1, 254, (32, 32, 3))
    y, cb, cr = np.moveaxis(rgb_to_ycbcr(rgb), -1, 0)
    np.testing.assert_allclose(merge_chroma(y, cb, cr), rgb, atol=1e-8)


def test_black_and_white_stay_black_and_white():
    y = np.array([[0.0, 255.0]])
    rgb = merge_chroma(y, np.full((1, 2), 250.0), np.full((1, 2), 3.0))
    np.testing.assert_array_equal(rgb, np.repeat(y[..., None], 3, axis=2))
