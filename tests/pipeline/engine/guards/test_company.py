"""What a mark stands among: seams, patterns, parallels, the rest of a structure, gravel."""

import cv2
import numpy as np
import pytest
from skimage import data

from pipeline.engine.guards.deciding import guard
from tests.pipeline.engine.guards.drawn import blank, marks


def reasons(found):
    return {each.reason for each in found.proposals}


def drawn(*lines, wide=3, shape=(240, 320)):
    plane = np.zeros(shape, np.uint8)
    for start, end in lines:
        cv2.line(plane, start, end, 1, wide)
    return plane > 0


def test_a_seam_is_asked_about_and_a_scratch_of_its_length_is_filled():
    line = drawn(((20, 120), (300, 120)))
    stitches = line & (np.arange(320) % 9 < 5)
    seam, scratch = blank(), blank()
    seam[stitches], scratch[line] = 40, 40
    assert reasons(guard(seam, marks(line, 2.0))) == {"lines"}
    assert not guard(seam, marks(line, 2.0)).bits.any()
    np.testing.assert_array_equal(guard(scratch, marks(line, 2.0)).bits > 0, line)


def test_faint_parallels_at_even_distances_are_known_by_their_marks():
    even = drawn(*(((x, 20), (x, 220)) for x in range(40, 300, 50)), wide=2)
    odd = drawn(*(((x, 20), (x, 220)) for x in (31, 52, 118, 131, 283)), wide=2)
    picture = blank()
    assert not guard(picture, marks(even, 1.5)).bits.any()
    np.testing.assert_array_equal(guard(picture, marks(odd, 1.5)).bits > 0, odd)


def screen(step):
    y, x = np.mgrid[:240, :320]
    dots = np.cos(2 * np.pi * x / step) * np.cos(2 * np.pi * y / step)
    return np.clip(blank() + 50 * dots, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("step", [7, 14])
def test_specks_of_a_printed_screen_are_part_of_it(step):
    specks = np.zeros((240, 320), np.uint8)
    for x, y in ((70, 84), (140, 198), (210, 130)):
        cv2.circle(specks, (x, y), 3, 1, -1)
    specks = specks > 0
    found = guard(screen(step), marks(specks, 1.0))
    assert not found.bits.any()
    assert reasons(found) == {"pattern"}
    plain = blank()
    plain[specks] = 230
    assert (guard(plain, marks(specks, 1.0)).bits > 0).sum() == specks.sum()


def test_what_is_far_surer_than_a_screen_is_filled():
    line = drawn(((30, 30), (290, 200)))
    picture = screen(7)
    picture[line] = 240
    np.testing.assert_array_equal(guard(picture, marks(line, 4.0)).bits > 0, line)


def test_a_small_piece_beside_a_fence_is_asked_about_with_it():
    wires = drawn(*(((x, 40), (x, 200)) for x in range(12, 310, 24)))
    picture = blank()
    picture[wires] = 220
    piece = drawn(((110, 206), (113, 206)))
    far = drawn(((191, 228), (193, 228)))
    picture[piece | far] = 220
    found = guard(picture, marks(wires | piece | far))
    np.testing.assert_array_equal(found.bits > 0, far)


def test_of_gravel_little_is_filled_and_a_scratch_on_it_is():
    gravel = np.asarray(data.gravel(), np.uint8)
    specks = drawn(*(((x, y), (x + 5, y)) for x in range(20, 500, 60) for y in range(20, 500, 60)),
                   shape=gravel.shape)  # fmt: skip
    assert not guard(gravel, marks(specks, 0.8)).bits.any()
    scratch = drawn(((10, 30), (500, 460)), shape=gravel.shape)
    np.testing.assert_array_equal(guard(gravel, marks(scratch, 2.0)).bits > 0, scratch)


def test_a_dark_branch_is_asked_about_and_a_light_crease_as_wide_is_filled():
    band = drawn(((20, 30), (290, 200)), wide=12)
    dark, light = blank(), blank()
    dark[band], light[band] = 60, 220
    ragged = np.random.default_rng(2).normal(0, 20, band.sum())
    dark[band] = np.clip(dark[band] + ragged, 0, 255)
    assert reasons(guard(dark, marks(band, 2.0))) == {"area"}
    np.testing.assert_array_equal(guard(light, marks(band, 2.0)).bits > 0, band)
