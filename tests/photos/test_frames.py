"""Frames on scans: what is taken for one, and what is cut out."""

from dataclasses import replace

import numpy as np
import pytest

from photos.decoding.scanner.frames import WHOLE, Frame
from tests.photos.test_negatives import LIMITS, file_of, on_the_bed, picture, read


def test_a_frame_is_said_and_read_again():
    frame = Frame(-1.5, 0.1, 0.25, 0.5, 0.6)
    assert Frame.of(frame.said()) == frame == Frame.parsed("-1.5,.1,.25,.5,.6")
    assert Frame.of(WHOLE.said()) == WHOLE


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "0,0,0,1,1,1", "a,0,0,1,1", "46,0,0,1,1", "0,0,0,0.01,1", "0,0,0,1.1,1", "nan,0,0,1,1",
     "0,.9,0,.5,.5", "0,-.6,0,1,1", "0,0,0,1e999,1"],
)  # fmt: skip
def test_what_is_no_frame_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="A frame is ANGLE,X,Y,WIDTH,HEIGHT"):
        Frame.parsed(text)


def test_a_straight_frame_cuts_to_the_pixel(tmp_path):
    pixels = picture(300, 200)
    frame = Frame(0, 0.1, 0.25, 0.5, 0.5).said()
    facts, made, _ = read(tmp_path, file_of(pixels), replace(LIMITS, frame=frame))
    height, width = pixels.shape[:2]
    rows, columns = (
        (round(0.25 * height), round(0.75 * height)),
        (round(0.1 * width), round(0.6 * width)),
    )
    assert np.array_equal(made, pixels[slice(*rows), slice(*columns)])
    assert facts["transform"]["cropped"] == frame


def test_a_frame_that_runs_out_of_the_scan_ends_with_it(tmp_path):
    pixels = picture(300, 200)
    made = read(
        tmp_path, file_of(pixels), replace(LIMITS, frame=Frame(0, -0.25, 0.5, 0.5, 1).said())
    )[1]
    height, width = pixels.shape[:2]
    assert np.array_equal(made, pixels[round(0.5 * height) :, : round(0.25 * width)])


@pytest.mark.parametrize("angle", [2.5, -7])
def test_the_proposal_is_the_frame_that_crop_takes(tmp_path, angle):
    scan = on_the_bed(angle)[0]
    facts, made, _ = read(tmp_path, file_of(scan))
    assert np.array_equal(made, scan)
    proposed = facts["transform"]["print"]
    assert proposed["angle"] == pytest.approx(angle, abs=0.4)
    asked = read(tmp_path, file_of(scan), replace(LIMITS, frame=proposed))[1]
    cropped = read(tmp_path, file_of(scan), replace(LIMITS, crop=True))[1]
    assert max(abs(a - b) for a, b in zip(asked.shape, cropped.shape, strict=True)) <= 3


def test_where_no_print_stands_out_none_is_proposed(tmp_path):
    assert "print" not in read(tmp_path, file_of(picture(300, 200)))[0]["transform"]
