"""A panorama is coloured as its pieces are; other pictures are looked at whole."""

import numpy as np
import pytest

from pipeline.engine.chroma_windows import is_panorama, predicted
from pipeline.engine.colorization import colourise
from pipeline.engine.networks import Network
from training.imaging import colour


def drifting(height, width, seed=1):
    """Luma of soft blobs."""
    import cv2

    noise = np.random.default_rng(seed).random((height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), height / 10)
    return (soft - soft.min()) / (soft.max() - soft.min())


class Recorder:
    """Chroma from how bright a place is beside its window's mean, and what was asked."""

    name, multiple = "recorder", 1

    def __init__(self):
        self.shapes = []

    def __call__(self, small):
        self.shapes.append(small.shape)
        away = small - small.mean()
        return np.dstack([60 * away, -40 * away]).astype(np.float32)


def test_ordinary_pictures_are_looked_at_whole():
    look = Recorder()
    predicted(drifting(300, 600), look, 512)
    predicted(drifting(600, 450), look, 512)
    assert look.shapes == [(256, 512), (512, 384)]


@pytest.mark.parametrize("upright", [False, True])
def test_no_window_of_a_panorama_is_starved_of_pixels(upright):
    y = drifting(60, 3000)
    look = Recorder()
    chroma = predicted(np.ascontiguousarray(y.T) if upright else y, look, 100)
    assert set(look.shapes) == ({(100, 50)} if upright else {(50, 100)})
    assert chroma.shape == ((2500, 50, 2) if upright else (50, 2500, 2))
    assert len(look.shapes) <= 2 * 2500 / 50 + 1


def test_a_panorama_gets_what_its_pieces_get():
    y = drifting(60, 3000)
    whole = predicted(y, Recorder(), 100)
    for start in (0, 600, 1440, 2880):
        piece = predicted(np.ascontiguousarray(y[:, start : start + 120]), Recorder(), 100)
        at = round(start * 50 / 60)
        middle = whole[:, at + 25 : at + 75]
        assert np.abs(middle - piece[:, 25:75]).mean() < 3  # of chroma that spans 60


def test_upright_and_lying_panoramas_are_alike():
    y = drifting(40, 900)
    lying = predicted(y, Recorder(), 64)
    upright = predicted(np.ascontiguousarray(y.T), Recorder(), 64)
    np.testing.assert_allclose(upright, lying.transpose(1, 0, 2), atol=1e-3)


def test_luma_stays_in_a_panorama():
    grey = np.rint(255 * drifting(40, 900)).astype(np.uint8)
    out = colourise(grey, Network("colorization", "recorder", Recorder()), side=64)
    np.testing.assert_array_equal(colour.luma(out), grey)
    assert (out[..., 0] != out[..., 2]).any()


@pytest.mark.parametrize(("size", "said"), [((600, 30_000), True), ((9, 3), True), ((2, 4), False)])
def test_what_counts_as_a_panorama(size, said):
    assert is_panorama(*size) is said
