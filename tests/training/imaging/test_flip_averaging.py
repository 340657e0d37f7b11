import numpy as np
import pytest

from training.imaging.flip_averaging import mirror_average
from training.imaging.padding import crop_like, pad_to_multiple


def lopsided(image):
    """A 'network' that knows left from right, with its own padding."""
    padded = pad_to_multiple(image.astype(np.float32), 8)
    answer = padded + 0.5 * np.roll(padded, 1, axis=1) * np.arange(padded.shape[1])
    return crop_like(answer + np.arange(padded.shape[0])[:, None], image)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("shape", [(16, 16), (13, 29), (1, 5)])
def test_flipping_the_input_flips_the_output(axis, shape):
    image = np.random.default_rng(7).uniform(0, 1, shape)
    flipped = mirror_average(lopsided, np.flip(image, axis))
    np.testing.assert_allclose(flipped, np.flip(mirror_average(lopsided, image), axis), rtol=1e-5)


def test_a_symmetric_function_is_unchanged():
    image = np.random.default_rng(8).uniform(0, 1, (9, 11, 3)).astype(np.float32)
    np.testing.assert_allclose(mirror_average(np.sqrt, image), np.sqrt(image), rtol=1e-6)
