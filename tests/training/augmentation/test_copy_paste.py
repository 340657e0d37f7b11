import cv2
import numpy as np
import pytest

from photos.masks.classes import FRACTURE, IGNORE, SCUFF
from training.augmentation.copy_paste import MARGIN, Donor, transplant
from training.augmentation.layers import compose
from training.augmentation.samples import segmentation_sample


@pytest.fixture(scope="module")
def plate():
    """A soft scene with a bright scratch, a dark speck and an inked number that counts nowhere."""
    ys, xs = np.mgrid[0:160, 0:200]
    luma = (90 + 30 * np.sin(xs / 40) + ys / 8).astype(np.uint8)
    classes = np.zeros(luma.shape, np.uint8)
    cv2.line(classes, (20, 30), (150, 90), FRACTURE, 2)
    cv2.circle(classes, (60, 120), 4, SCUFF, -1)
    cv2.rectangle(classes, (150, 140), (190, 155), IGNORE, -1)
    luma[classes == FRACTURE] += 60
    luma[classes == SCUFF] -= 50
    return luma, classes


@pytest.fixture(scope="module")
def donor(plate):
    return Donor.lift(*plate)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_nothing_is_lifted_where_nobody_painted(plate, donor):
    near = cv2.dilate(np.uint8((plate[1] & 7) > 0), np.ones((2 * MARGIN + 1,) * 2))
    assert not donor.change[near == 0].any()
    assert abs(np.median(donor.change[plate[1] == FRACTURE]) - 60) < 5
    assert abs(np.median(donor.change[plate[1] == SCUFF]) + 50) < 5


def test_a_clean_photo_gives_nothing(plate):
    assert Donor.lift(plate[0], np.zeros_like(plate[1])) is None
    assert Donor.lift(plate[0], np.full_like(plate[1], IGNORE)) is None


@pytest.mark.parametrize("seed", range(12))
def test_damage_arrives_as_strong_as_its_gain(donor, seed):
    layers = transplant(rng(seed), 96, donor)
    grey = np.full((96, 96), 128, np.float32)
    change = compose(grey, layers) - grey
    assert layers and {layer.bit for layer in layers} <= {FRACTURE, SCUFF}
    assert 15 < np.abs(change).max() <= 128
    assert not change[sum(layer.cover for layer in layers) == 0].any()


def test_samples_with_donors_show_their_damage(donor):
    photo = np.full((200, 200, 3), 120, np.uint8)
    drawn = [segmentation_sample(photo, size=96, rng=rng(k), donors=[donor]) for k in range(12)]
    again = [segmentation_sample(photo, size=96, rng=rng(k), donors=[donor]) for k in range(12)]
    assert all(np.array_equal(a, b) for a, b in zip(drawn, again, strict=True))
    plain = [segmentation_sample(photo, size=96, rng=rng(k)) for k in range(12)]
    assert any(not np.array_equal(a[1], b[1]) for a, b in zip(drawn, plain, strict=True))
