"""Views of a photograph's colour: agreement stays, doubt goes to one tint."""

import cv2
import numpy as np
import pytest

from training.imaging.colour_views import FOUR, TWO, bounded, predict_chroma


def scene(height, width, seed=0):
    noise = np.random.default_rng(seed).random((height, width), np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 3)


def by_luma(plane):
    """What is the same in every view: warm where light, cold where dark."""
    smooth = cv2.GaussianBlur(plane, (0, 0), 1)
    return np.dstack([80 * (0.5 - smooth), 80 * (smooth - 0.5)]).astype(np.float32)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (40, 30), (600, 450), (60, 3000)])
@pytest.mark.parametrize("views", [TWO, FOUR])
def test_one_colour_everywhere_stays(shape, views):
    def khaki(plane):
        return np.broadcast_to(np.float32([-12, 6]), (*plane.shape, 2))

    found = predict_chroma(khaki, scene(*shape), views)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, khaki(found[..., 0]), atol=1e-3)


def test_what_views_agree_on_stays():
    luma = scene(200, 300)
    error = predict_chroma(by_luma, luma) - by_luma(luma)
    assert np.abs(error).mean() < 1


def one_hue(small, large):
    """Reddish everywhere: so much in the smaller view, so much in the larger."""

    def predict(plane):
        level = small if plane.shape[1] < 300 else large
        return np.broadcast_to(np.float32([0, level]), (*plane.shape, 2))

    return predict


def test_a_photograph_of_doubt_all_over_gets_less_of_all_colours():
    luma = scene(192, 320)
    found = [predict_chroma(one_hue(20 - d, 20 + d), luma)[..., 1].mean() for d in (0, 4, 8, 16)]
    assert found[0] == pytest.approx(20, abs=1e-3)
    assert found[1] > found[2] > found[3] > 0
    power, doubt, sure = 400, 64, 1 / 2  # of a doubt of DOUBT levels half goes to the tint
    assert found[2] == pytest.approx(power / (power + doubt) * 20 * (sure + sure / 2), abs=0.1)


def test_no_colour_at_all_stays_grey():
    assert not predict_chroma(one_hue(0, 0), scene(192, 320)).any()


def test_doubt_goes_to_the_tint_of_the_sure_part():
    def left_sure(plane):
        """Reddish on the left; on the right red or green by how large it is seen."""
        chroma = np.zeros((*plane.shape, 2), np.float32)
        chroma[..., 1] = 40
        width = plane.shape[1]
        if width < 300:  # the mirrored, smaller view: what is right lies left
            chroma[:, : width // 2, 1] = -40
        return chroma

    found = predict_chroma(left_sure, scene(192, 320))[..., 1]
    left, right = found[:, :100].mean(), found[:, 220:].mean()
    assert left == pytest.approx(40 / 2, rel=0.05)  # as much doubt as colour in the photograph
    assert 0.25 < right / left < 0.625  # half of the photograph's tint, not zero, not a patch


def test_a_panorama_gets_what_its_pieces_get():
    panorama = scene(120, 6000)
    sizes = []

    def noting(plane):
        sizes.append(plane.shape)
        return by_luma(plane)

    whole = predict_chroma(noting, panorama, side=128)
    assert whole.shape == (*bounded(panorama, 128).shape, 2) == (64, 3200, 2)
    assert max(h * w for h, w in sizes) <= 128 * 128
    left = predict_chroma(by_luma, panorama[:, :1500], side=128)
    assert np.abs(whole[:, :700] - left[:, :700]).mean() < 1


def test_a_usual_photograph_is_seen_at_its_long_side():
    assert bounded(scene(900, 1200), 512).shape == (384, 512)
    assert bounded(scene(90, 120), 512).shape == (90, 120)
