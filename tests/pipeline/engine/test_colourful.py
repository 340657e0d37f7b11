"""What is in colour keeps its own; what is toned, yellowed or noisy counts as grey."""

import cv2
import numpy as np
import pytest
from skimage import data

from config.words.wall import in_words
from pipeline.engine.colourful import chroma_residual, tinted_share, why_skipped
from pipeline.engine.pipeline import Options, skipped
from tests.pipeline.engine.tiny import picture


@pytest.mark.parametrize("name", ["astronaut", "cat", "coffee"])
def test_a_photograph_in_colour_is_not_coloured(name):
    assert "in colour" in in_words(why_skipped(getattr(data, name)()))


@pytest.mark.parametrize("tone", [(1, 1, 1), (1, 0.86, 0.62), (0.8, 0.9, 1.0)])
def test_sepia_and_toned_prints_count_as_grey(tone):
    grey = data.camera()[..., None] / 255
    toned = grey ** np.array([0.9, 1.0, 1.15]) * np.array(tone)
    assert not why_skipped(np.rint(255 * toned).astype(np.uint8))


def sepia(grey, *tints):
    """A sepia print of H x W grey, with (colour, x, y) laid on it thinly, as by a brush."""
    plane = grey[..., None] * np.array([1.02, 0.97, 0.88])
    for colour, x, y in tints:
        cover = cv2.circle(np.zeros(grey.shape, np.float32), (x, y), 45, 1, -1)
        share = 0.5 * cv2.GaussianBlur(cover, (0, 0), 6)[..., None]
        plane = plane * (1 - share) + share * grey[..., None] / 255 * np.array(colour)
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("colour", [(255, 120, 120), (120, 225, 140)])
def test_a_hand_tinted_print_is_not_coloured(colour):
    tinted = sepia(data.camera(), (colour, 330, 150), (colour, 180, 120))
    assert chroma_residual(tinted) < 6.2
    assert "hand-tinted" in in_words(why_skipped(tinted))
    assert tinted_share(tinted.astype(np.uint16) * 257) == pytest.approx(
        tinted_share(tinted), abs=0.003
    )


@pytest.mark.parametrize("stain", [(255, 215, 120), (190, 140, 70)])
def test_yellow_and_brown_stains_are_no_tints(stain):
    stained = sepia(data.camera(), (stain, 330, 150), (stain, 100, 400))
    assert not why_skipped(stained)
    assert tinted_share(data.camera()) == 0


def test_noise_in_three_channels_is_no_colour():
    assert chroma_residual(picture(70, 50)) < 3


def test_sixteen_bits_are_measured_alike():
    image = data.cat()
    assert chroma_residual(image.astype(np.uint16) * 257) == pytest.approx(
        chroma_residual(image), abs=0.05
    )


def test_whoever_asks_for_colour_gets_it():
    assert skipped(data.cat(), Options(colour=False)).keys() == {"inpainted_colorized", "colorized"}
    assert skipped(data.cat(), Options(colour=True)) == {}
