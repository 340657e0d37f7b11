import numpy as np
import pytest

from training.imaging.tta import LOOKS, average_looks, average_mirrors

QUARTERS = range(4)


def upright(image):
    """A 'network' that answers to upright edges only."""
    grey = image.astype(np.float32)
    return np.abs(np.diff(grey, axis=1, append=grey[:, -1:]))[..., None]


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("shape", [(16, 16), (13, 29), (1, 5)])
def test_turning_the_input_turns_the_answer_of_four_quarters(turns, shape):
    image = np.random.default_rng(7).integers(0, 256, shape, np.uint8)
    turned = average_looks(upright, np.rot90(image, turns).copy(), QUARTERS)
    wanted = np.rot90(average_looks(upright, image, QUARTERS), turns)
    np.testing.assert_allclose(turned, wanted, rtol=1e-5)


def test_a_pixelwise_function_is_unchanged_by_turns():
    image = np.random.default_rng(8).integers(0, 256, (9, 11), np.uint8)
    answer = average_looks(
        lambda part: np.sqrt(part[..., None].astype(np.float32)), image, QUARTERS
    )
    np.testing.assert_allclose(answer[..., 0], np.sqrt(image.astype(np.float32)), rtol=1e-6)


def test_every_look_falls_on_the_same_place():
    image = np.random.default_rng(9).random((6, 9), np.float32)
    for turns in LOOKS:
        found = average_looks(lambda part: part[..., None], image, [turns])
        np.testing.assert_array_equal(found[..., 0], image)


def test_careful_costs_two_runs_of_the_network():
    seen = []
    average_looks(lambda part: seen.append(part.shape) or part[..., None], np.zeros((6, 9)))
    assert seen == [(6, 9), (9, 6)]


def test_a_scratch_lying_down_is_found_as_well_as_an_upright_one():
    image = np.zeros((40, 40), np.uint8)
    image[20] = 255
    assert upright(image).max() < average_looks(upright, image).max()


@pytest.mark.parametrize("shape", [(13, 20), (16, 9)])
@pytest.mark.parametrize("axes", [0, 1, (0, 1)])
def test_mirroring_the_input_mirrors_the_mean_of_mirrors(axes, shape):
    image = np.random.default_rng(0).random(shape)
    slope = np.arange(shape[0])[:, None] * np.arange(shape[1])[None] / 50.0

    def one_sided(picture):
        return (np.cumsum(picture, axis=1) + slope)[..., None]

    found = average_mirrors(one_sided, np.flip(image, axes))
    wanted = np.flip(average_mirrors(one_sided, image), axes)
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
    assert np.abs(one_sided(np.flip(image, axes)) - np.flip(one_sided(image), axes)).max() > 0.1
