"""Tones: what is faded comes back, what is fine stays, nothing is clipped or turned over."""

import numpy as np
import pytest
from skimage import data

from pipeline.engine.pixels import enlarged
from pipeline.engine.tones.applying import neighbourhood, toned
from pipeline.engine.tones.curves import curve, levels_curve, table
from pipeline.engine.tones.extent import photograph
from pipeline.engine.tones.measuring import Tones, measured
from tests.harm.tones import Fade, clipped, psnr

FADE = Fade(45, 170, 1.1, (8.0, 0.0, -12.0))
SCENE = np.ascontiguousarray(data.astronaut()[:400, 40:440])
CAMERA = data.camera()


def grey_print(tint=(12, 0, -30)):
    """A sepia print: greys with one hue, stronger in the middle."""
    y = CAMERA.astype(float)
    weight = 0.5 + 2 * (y / 255) * (1 - y / 255)
    return np.clip(y[..., None] + weight[..., None] * np.array(tint), 0, 255).astype(np.uint8)


def chroma(picture):
    return float(np.ptp(picture.astype(float), axis=2).mean())


def test_a_sound_picture_is_fine_and_stays_to_the_bit():
    for picture in (SCENE, CAMERA, data.chelsea()):
        tones = measured(picture)
        assert tones.auto() == 0
        assert toned(picture, tones, tones.auto()) is picture


def test_a_faded_picture_comes_back():
    faded = FADE.of(SCENE)
    tones = measured(faded)
    assert tones.auto() == 1
    after = toned(faded, tones, 1.0)
    assert psnr(after, SCENE) > psnr(faded, SCENE) + 6
    assert clipped(after, faded) == 0


def test_half_the_strength_is_half_the_way():
    faded = FADE.of(SCENE)
    tones = measured(faded)
    whole, half = (toned(faded, tones, each).astype(float) for each in (1.0, 0.5))
    assert np.abs(half - (whole + faded) / 2).mean() < 2
    with pytest.raises(ValueError, match="between 0 and 1"):
        toned(faded, tones, 1.5)


def test_sixteen_bits_are_kept_and_agree_with_eight():
    faded = FADE.of(SCENE)
    deep = faded.astype(np.uint16) * 257 + 100
    after = toned(deep, measured(deep), 1.0)
    assert after.dtype == np.uint16
    assert len(np.unique(after)) > 256
    assert np.abs(after / 257.0 - toned(faded, measured(faded), 1.0)).max() < 2.5


def test_the_tint_of_a_grey_print_goes_unless_it_is_kept():
    sepia = grey_print()
    tones = measured(sepia)
    assert tones.grey
    assert tones.auto() == 1
    assert tones.auto(keep_sepia=True) == 0
    assert chroma(toned(sepia, tones, 1.0)) < 0.1 * chroma(sepia)
    faded = Fade(45, 170, 1.0, (0, 0, 0)).of(sepia)
    kept = toned(faded, measured(faded), 1.0, by_luma=True)
    assert chroma(kept) == pytest.approx(chroma(faded), abs=2)
    assert np.ptp(kept) > 1.5 * np.ptp(faded)


def test_a_blue_morning_is_no_cast():
    cool = grey_print(tint=(-12, 0, 25))
    assert measured(cool).auto() == 0


def test_luma_alone_keeps_what_was_coloured():
    faded = FADE.of(SCENE)
    tones = measured(faded)
    after = toned(faded, tones, 1.0, by_luma=True).astype(float)
    before = faded.astype(float)
    for channel in (0, 2):
        was, now = (each[..., channel] - each[..., 1] for each in (before, after))
        assert np.abs(now - was).mean() < 2


def test_greys_of_one_channel_stay_one_channel():
    faded = Fade(50, 160, 1.0, (0, 0, 0)).of(CAMERA[..., None].repeat(3, 2))[..., 0]
    after = toned(faded, measured(faded), 1.0)
    assert after.shape == faded.shape
    assert psnr(after, CAMERA) > psnr(faded, CAMERA) + 4


def test_the_bed_and_a_border_do_not_count():
    faded = FADE.of(SCENE)
    alone = measured(faded)
    bordered = np.pad(faded, ((30, 30), (30, 30), (0, 0)), constant_values=225)
    on_bed = np.pad(bordered, ((40, 40), (40, 40), (0, 0)), constant_values=253)
    for scan in (bordered, on_bed):
        tones = measured(scan)
        assert tones.auto() == 1
        assert tones.black == pytest.approx(alone.black, abs=3)
        assert tones.white == pytest.approx(alone.white, abs=3)


def test_a_sky_that_runs_on_is_no_border():
    sky = np.linspace(230, 120, 300, dtype=np.float32)[:, None].repeat(400, 1)
    assert photograph(sky).all()


def test_curves_rise_pass_their_knots_and_reach_both_ends():
    knots = levels_curve(0.2, 0.7, 1.4, (0.05, 0.92))
    x, y = np.array(knots).T
    assert curve(knots, x) == pytest.approx(y)
    whole = table(knots, 1.0, 65535)
    assert (np.diff(whole) > 0).all()
    assert (whole[0], whole[-1]) == (0, 1)
    assert table(knots, 0.0, 255) == pytest.approx(np.arange(256) / 255)


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_page_is_refused_by_nobody(value):
    blank = np.full((40, 60, 3), value, np.uint8)
    tones = measured(blank)
    assert toned(blank, tones, 1.0).shape == blank.shape


def test_tones_survive_their_json():
    tones = measured(FADE.of(SCENE))
    assert Tones.from_json(tones.as_json()) == tones


def test_a_neighbourhood_enlarges_without_steps():
    ramp = np.linspace(0, 255, 960).astype(np.uint8)[None].repeat(640, 0)
    grid = neighbourhood(ramp)
    assert max(grid.shape) == 48
    rows = enlarged(grid[..., None], ramp.shape, (slice(100, 164), slice(None)))[..., 0]
    assert rows.shape == (64, 960)
    assert np.abs(rows - ramp[100:164] / 255).max() < 0.06
