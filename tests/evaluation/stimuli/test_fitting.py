"""Pictures made elsewhere are brought onto their photo, or refused with the reason."""

import cv2
import numpy as np
import pytest

from config.words.wall import in_words
from evaluation.stimuli.fitting import Unfit, figures, fit, is_grey

RNG = np.random.default_rng(5)


def scene(height=160, width=220):
    noise = RNG.normal(0, 1, (height, width, 3))
    rough = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.clip(128 + 250 * rough, 0, 255).astype(np.uint8)


PHOTO = scene()


def same(found, wanted, border=20):
    inner = (slice(border, -border), slice(border, -border))
    return np.abs(found[inner].astype(int) - wanted[inner].astype(int)).mean()


def test_an_equal_size_is_left_alone():
    found = fit(PHOTO, PHOTO)
    assert found.said is None and found.pixels is PHOTO


def test_a_repair_is_no_reason_to_move():
    for height, width in ((160, 220), (60, 80)):
        for _ in range(8):
            photo = scene(height, width)
            repaired = photo.copy()
            repaired[height // 3 : height // 2, 5 : width // 2] = 90
            assert fit(repaired, photo).said is None


def test_large_white_holes_in_the_photo_do_not_hide_it():
    damaged = cv2.GaussianBlur(PHOTO, (0, 0), 2)
    repaired = damaged.copy()
    damaged[60:85, 80:120] = 255
    assert fit(repaired, damaged).said is None
    assert in_words(fit(np.roll(repaired, 8, axis=0), damaged).said) == "aligned by (0, -8) px"


@pytest.mark.parametrize("factor", [2, 3])
def test_whole_factors_are_said(factor):
    large = cv2.resize(PHOTO, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    found = fit(large, PHOTO)
    assert in_words(found.said) == f"reduced by {factor}" and found.pixels.shape == PHOTO.shape
    assert same(found.pixels, PHOTO) < 3
    small = cv2.resize(PHOTO, (110, 80), interpolation=cv2.INTER_AREA)
    assert in_words(fit(small, PHOTO).said) == "enlarged by 2"


@pytest.mark.parametrize(("down", "right"), [(5, -3), (16, 16), (-9, 0)])
def test_a_shift_is_taken_back(down, right):
    moved = np.roll(PHOTO, (-down, -right), axis=(0, 1))
    found = fit(moved, PHOTO)
    assert in_words(found.said) == f"aligned by ({right}, {down}) px"
    assert same(found.pixels, PHOTO) == 0


def test_a_crop_is_put_back_in_its_place():
    found = fit(PHOTO[10:-4, 3:-16], PHOTO)
    assert in_words(found.said) == "aligned by (3, 10) px" and found.pixels.shape == PHOTO.shape
    assert same(found.pixels, PHOTO) == 0


def test_beyond_that_it_is_refused():
    with pytest.raises(Unfit, match=r"unfit\.shifted.*24"):
        fit(np.roll(PHOTO, -24, axis=1), PHOTO)
    with pytest.raises(Unfit, match=r"unfit\.size.*170"):
        fit(PHOTO[:, :170], PHOTO)
    with pytest.raises(Unfit, match=r"unfit\.other-photo"):
        fit(scene(), PHOTO)


def test_a_grey_picture_has_no_place_among_colours():
    grey = np.repeat(PHOTO[..., :1], 3, axis=2)
    assert is_grey(grey) and is_grey(grey[..., 0]) and not is_grey(PHOTO)
    with pytest.raises(Unfit, match=r"unfit\.grey"):
        fit(grey, PHOTO, coloured=True)
    fit(grey, PHOTO)  # among fillers it may be


def test_a_free_study_takes_any_size_of_the_same_shape():
    found = fit(cv2.resize(PHOTO, (330, 240)), PHOTO, free=True)
    assert in_words(found.said) == "scaled from 330 x 240 px" and found.pixels.shape == PHOTO.shape
    with pytest.raises(Unfit, match=r"unfit\.shape"):
        fit(PHOTO[:, :150], PHOTO, free=True)


def test_sixteen_bits_fit_eight():
    wide = PHOTO.astype(np.uint16) * 257
    assert fit(wide, PHOTO).pixels.dtype == np.uint16


def test_what_was_changed_of_the_sound_picture_is_counted():
    hole = np.zeros(PHOTO.shape[:2], np.uint8)
    hole[50:60, 50:60] = 1
    output = PHOTO.copy()
    output[50:60, 50:60] = 0
    assert figures(output, PHOTO, hole) == {"sound_changed": 0.0, "luma_drift": 0.0}
    output = np.clip(PHOTO.astype(int), 0, 235).astype(np.uint8)
    output[: PHOTO.shape[0] // 2] = np.clip(PHOTO[: PHOTO.shape[0] // 2].astype(int) + 20, 0, 255)
    found = figures(output, PHOTO, None)
    assert 0.45 < found["sound_changed"] < 0.75 and 6 < found["luma_drift"] < 12
