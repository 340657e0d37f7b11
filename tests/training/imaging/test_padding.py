import numpy as np
import pytest

from training.imaging.padding import crop_like, pad_to_multiple


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (31, 33), (32, 64, 3)])
def test_every_size_pads_and_crops_back(shape):
    image = np.random.default_rng(9).uniform(0, 1, shape)
    padded = pad_to_multiple(image, 32)
    assert padded.shape[0] % 32 == 0 and padded.shape[1] % 32 == 0
    np.testing.assert_array_equal(crop_like(padded, image), image)


def test_padding_reflects():
    padded = pad_to_multiple(np.array([[1, 2, 3]]), 4)
    np.testing.assert_array_equal(padded[0], [1, 2, 3, 2])
