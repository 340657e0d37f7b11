"""Drawn negatives made positive; turned scans turned."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from config.words.wall import in_words
from photos.decoding.scanner import negatives
from tests.annotate.builders import file_of, picture
from tests.photos.test_decoding import LIMITS, read

MASK = np.array([0.85, 0.45, 0.25])  # the orange of colour film, as light let through


def scene(seed=1):
    """Greys of every brightness beside colours, as light: H x W x 3, 0..1."""
    rng = np.random.default_rng(seed)
    steps = np.linspace(0.01, 0.9, 60)
    greys = np.repeat(np.tile(steps, (40, 1))[..., None], 3, 2)
    colours = rng.uniform(0.05, 0.8, (2, 3, 3)).repeat(20, 0).repeat(20, 1)
    return np.concatenate([greys, colours], 0)


def film(light, base, deep):
    """What a scanner sees of it: the base where it was dark, less where it was light."""
    through = base * (1 + 40 * light) ** -negatives.CONTRAST
    rim = np.broadcast_to(base, (6, *light.shape[1:]))
    stored = negatives._srgb(np.concatenate([rim, through], 0))
    top, kind = (65535, np.uint16) if deep else (255, np.uint8)
    return np.rint(stored * top).astype(kind)


@pytest.mark.parametrize("deep", [False, True])
def test_a_colour_negative_loses_its_mask_and_greys_are_grey(deep):
    light = scene()
    seen = film(light, MASK, deep)
    table = negatives.table(seen, "colour", 16 if deep else 8)[0]
    made = np.stack([table[seen[..., k], k] for k in range(3)], -1)[6:] / len(table)
    greys = made[:40]
    assert np.abs(greys - greys.mean(-1, keepdims=True)).max() < (0.02 if deep else 0.06)
    wanted = negatives._srgb(light)
    assert np.corrcoef(made.ravel(), wanted.ravel())[0, 1] > 0.98
    assert (np.diff(greys[0].mean(-1)) >= 0).all()


def test_a_black_and_white_negative_through_the_decoder(tmp_path):
    light = scene()[:40, :, :1]
    seen = film(light, np.array([0.7]), True)[..., 0]
    facts, pixels, _ = read(tmp_path, file_of(seen), replace(LIMITS, negative="bw"))
    assert facts["transform"]["negative"] == "bw"
    assert np.corrcoef(pixels[6:].ravel(), negatives._srgb(light).ravel())[0, 1] > 0.98
    assert pixels[:6].max() < 0.05 * 65535


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_scans_are_turned_clockwise_with_their_resolution(tmp_path, degrees):
    pixels = np.arange(600, dtype=np.uint16).reshape(20, 30).astype(np.uint8)
    data = file_of(pixels, "TIFF", dpi=(600, 300))
    facts, made, _ = read(tmp_path, data, replace(LIMITS, rotate=degrees))
    assert np.array_equal(made, np.rot90(pixels, -degrees // 90))
    assert facts["transform"]["dpi"] == ([600, 300] if degrees == 180 else [300, 600])


def test_another_kind_of_negative_is_refused():
    with pytest.raises(ValueError, match="bw or colour"):
        negatives.table(np.ones((2, 2), np.uint8), "sepia", 8)


def on_the_bed(angle, bed=235, size=(500, 700)):
    """(a scan of a print turned clockwise on the bed, the print): grey, 8 bits."""
    print_ = picture(360, 240, grey=True)
    print_ = (print_ * 0.8).astype(np.uint8)
    height, width = size
    matrix = cv2.getRotationMatrix2D((180, 120), -angle, 1)
    matrix[:, 2] += (width / 2 - 180 + 20, height / 2 - 120 - 15)
    flags = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_CONSTANT, "borderValue": bed}
    return cv2.warpAffine(print_, matrix, (width, height), **flags), print_


@pytest.mark.parametrize("angle", [0, 2.5, -7])
def test_a_print_on_the_bed_is_straightened_and_cropped_when_asked(tmp_path, angle):
    scan, print_ = on_the_bed(angle)
    assert np.array_equal(read(tmp_path, file_of(scan))[1], scan)
    facts, pixels, _ = read(tmp_path, file_of(scan), replace(LIMITS, crop=True))
    assert facts["transform"]["cropped"]["angle"] == pytest.approx(angle, abs=0.4)
    assert abs(pixels.shape[0] - 240) <= 4
    assert abs(pixels.shape[1] - 360) <= 4
    inside = cv2.resize(pixels, (360, 240)).astype(float)[20:-20, 20:-20]
    assert np.abs(cv2.blur(inside, (9, 9)) - cv2.blur(print_, (9, 9))[20:-20, 20:-20]).mean() < 4


def test_where_no_print_stands_out_nothing_is_cropped_and_it_is_said(tmp_path):
    pixels = picture(300, 200)
    facts, made, _ = read(tmp_path, file_of(pixels), replace(LIMITS, crop=True))
    assert np.array_equal(made, pixels)
    assert list(map(in_words, facts["transform"]["notes"])) == [
        "No print stood out from the scanner's bed: nothing was cropped."
    ]
