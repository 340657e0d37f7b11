"""What is too little for an eye goes from the copies; what a candidate changed stays."""

import numpy as np
import pytest

from evaluation.stimuli.fitting import NOTHING, luma
from evaluation.stimuli.settling import settled

RNG = np.random.default_rng(4)
PHOTO = RNG.integers(30, 220, (40, 60, 3)).astype(np.uint8)
HOLE = np.zeros((40, 60), np.uint8)
HOLE[10:20, 10:30] = 1


def shown(output, photo=PHOTO, hole=HOLE, coloured=False, lacks=NOTHING):
    outputs = {"original": photo, "rival": output}
    found = settled(outputs, original="original", lacks=lacks, hole=hole, coloured=coloured)
    assert found["original"].shape[:2] == found["rival"].shape[:2]
    return found["rival"]


def off_by(levels):
    return (PHOTO + RNG.integers(-levels, levels + 1, PHOTO.shape)).astype(np.uint8)


def test_rounding_on_sound_ground_goes_and_the_fill_stays():
    output = off_by(2)
    found = shown(output)
    assert (found[25:] == PHOTO[25:]).all()
    assert (found[10:20, 10:30] == output[10:20, 10:30]).all()


def test_what_was_changed_is_shown_as_it_is():
    output = off_by(9)
    assert (shown(output) == output).all()


def test_without_holes_nothing_is_touched():
    output = off_by(1)
    assert (shown(output, hole=None) == output).all()


def test_sixteen_bits_of_one_another():
    deep = PHOTO.astype(np.uint16) * 257
    found = shown(PHOTO.astype(np.uint16) * 256, photo=deep)
    assert found.dtype == np.uint8 and (found[25:] == PHOTO[25:]).all()


def test_a_grey_picture_has_no_tint_of_its_encoder():
    grey = PHOTO[..., 0]
    tinted = (grey[..., None] + np.array([0, 2, -1])).astype(np.uint8)
    found = shown(tinted, photo=grey)
    assert (found == found[..., :1]).all()


@pytest.mark.parametrize(("step", "kept"), [(1, True), (6, False)])
def test_colours_that_kept_the_luma_keep_it_whole(step, kept):
    """A tint, and a level more or less on top: only the latter goes."""
    output = np.clip(PHOTO.astype(float) + np.array([19, -6, -15.8]), 0, 255)
    given = np.rint(output + RNG.choice([-step, step], (40, 60, 1))).clip(0, 255).astype(np.uint8)
    drift = np.abs(luma(shown(given, hole=None, coloured=True)) - luma(PHOTO))
    assert (np.percentile(drift, 99) <= 1) == kept


def test_what_one_lacks_nobody_shows():
    assert shown(PHOTO, lacks=(3, 2, 0, 5)).shape == (37, 53, 3)
