import cv2
import numpy as np
import pytest

from training.augmentation.insignia import PIECES, add_insignia
from training.augmentation.portraits import key_ground, painted_ground, replace_ground

GROUND = (90, 120, 160)


@pytest.fixture
def portrait():
    """A brown bust before a blue studio ground with a soft gradient."""
    photo = np.full((220, 180, 3), GROUND, np.float32)
    photo += np.linspace(-25, 25, 220)[:, None, None]
    cv2.ellipse(photo, (90, 90), (38, 52), 0, 0, 360, (170, 120, 90), -1)
    cv2.ellipse(photo, (90, 230), (85, 95), 0, 0, 360, (40, 36, 38), -1)
    return np.clip(photo, 0, 255).astype(np.uint8)


def test_the_sitter_is_kept_and_the_ground_keyed(portrait):
    alpha = key_ground(portrait)
    assert alpha[90, 90] == 1 and alpha[200, 90] == 1
    assert alpha[10, 10] == 0 and alpha[60, 170] == 0


def test_a_busy_scene_is_not_keyed():
    scene = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    assert key_ground(scene) is None


def test_a_bare_ground_is_not_keyed():
    assert key_ground(np.full((200, 160, 3), GROUND, np.uint8)) is None


def test_a_new_ground_replaces_the_old_one_only(portrait):
    alpha = key_ground(portrait)
    other = np.full_like(portrait, (20, 160, 40))
    swapped = replace_ground(portrait, alpha, other)
    assert np.abs(swapped[90, 90].astype(int) - portrait[90, 90]).max() <= 1
    assert np.abs(swapped[10, 10].astype(int) - other[10, 10]).max() <= 1


def test_no_blue_halo_is_left(portrait):
    alpha = key_ground(portrait)
    swapped = replace_ground(portrait, alpha, np.full_like(portrait, 200))
    blueness = swapped[..., 2].astype(int) - swapped[..., 0]
    assert np.mean(blueness[:130] > 25) < 0.01


def test_painted_grounds_vary_in_hue():
    colours = [painted_ground(np.random.default_rng(s), (40, 30)).mean((0, 1)) for s in range(20)]
    tilt = np.array([c[2] - c[0] for c in colours])
    assert tilt.min() < -3 and tilt.max() > 3


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
@pytest.mark.parametrize("size", [6, 40])
def test_pieces_are_drawn_with_alpha(piece, size):
    drawn = piece(np.random.default_rng(1), size)
    assert drawn.dtype == np.uint8 and drawn.shape[2] == 4
    assert (drawn[..., 3] > 200).any()


def test_insignia_stay_on_the_sitter(portrait):
    alpha = key_ground(portrait)
    decorated = add_insignia(portrait, alpha, np.random.default_rng(2))
    changed = (decorated != portrait).any(axis=2)
    assert changed.any()
    assert not changed[alpha == 0].any()
    assert not changed[:140].any()


def test_pieces_of_every_size_can_be_drawn():
    for piece in PIECES:
        for seed in range(150):
            rng = np.random.default_rng(seed)
            assert piece(rng, rng.uniform(1, 60)).shape[2] == 4
