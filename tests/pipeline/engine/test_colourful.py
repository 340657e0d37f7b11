"""What is in colour keeps its own; what is toned, yellowed or noisy counts as grey."""

import numpy as np
import pytest
from skimage import data

from pipeline.engine.colourful import chroma_residual, why_skipped
from pipeline.engine.pipeline import Options, skipped
from tests.pipeline.engine.tiny import picture


@pytest.mark.parametrize("name", ["astronaut", "cat", "coffee"])
def test_a_photograph_in_colour_is_not_coloured(name):
    assert "in colour" in why_skipped(getattr(data, name)())


@pytest.mark.parametrize("tone", [(1, 1, 1), (1, 0.86, 0.62), (0.8, 0.9, 1.0)])
def test_sepia_and_toned_prints_count_as_grey(tone):
    grey = data.camera()[..., None] / 255
    toned = grey ** np.array([0.9, 1.0, 1.15]) * np.array(tone)
    assert not why_skipped(np.rint(255 * toned).astype(np.uint8))


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
