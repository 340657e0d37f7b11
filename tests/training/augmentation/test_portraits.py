import cv2
import numpy as np
import pytest

from training.augmentation.insignia import PIECES, add_insignia, in_uniform, torso
from training.augmentation.landscapes import landscape
from training.augmentation.portraits import key_ground, painted_ground, replace_ground
from training.augmentation.samples import colorization_sample
from training.imaging.colour import rgb_to_ycbcr

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


def test_a_uniform_colours_the_cloth_and_leaves_face_and_brightness(portrait):
    alpha = key_ground(portrait)
    moved = []
    for seed in range(8):
        dressed = in_uniform(portrait, alpha, np.random.default_rng(seed))
        before, after = (rgb_to_ycbcr(picture).astype(int) for picture in (portrait, dressed))
        change = np.abs(after - before)
        assert change[..., 0].max() <= 2 and change[:125].max() <= 2  # luma; head and ground
        assert change[alpha == 0].max() <= 2
        moved.append(after[205, 90, 1:] - before[205, 90, 1:])
    moved = np.array(moved)
    assert np.abs(moved).max() > 2 and len({tuple(m) for m in moved}) > 2


def test_landscapes_have_a_sky_above_and_vary(portrait):
    drawn = [landscape(np.random.default_rng(seed), (96, 80)) for seed in range(12)]
    assert all(one.shape == (96, 80, 3) and one.dtype == np.uint8 for one in drawn)
    lighter = [one[:16].mean() > one[-32:].mean() for one in drawn]
    assert sum(lighter) > 8
    means = np.array([one[-24:].mean((0, 1)) for one in drawn])
    assert means.std(axis=0).max() > 15
    assert (landscape(np.random.default_rng(0), (96, 80)) == drawn[0]).all()


def saturated(target):
    return (np.abs(target[..., 1:].astype(int) - 128).max(axis=2) > 15).any()


def test_insignia_lie_on_portraits_before_any_ground():
    """The ground is noise, which nothing keys out; the sitter and the noise are grey."""
    noise = np.random.default_rng(0).integers(0, 256, (220, 180, 1), np.uint8)
    photo = np.repeat(noise, 3, axis=2)
    cv2.ellipse(photo, (90, 230), (85, 95), 0, 0, 360, (60, 60, 60), -1)
    assert key_ground(photo) is None
    rows = range(40)
    drawn = [
        [
            saturated(
                colorization_sample(
                    photo, size=160, rng=np.random.default_rng(k), portrait=portrait
                )[1]
            )
            for k in rows
        ]
        for portrait in (False, True)
    ]
    assert not any(drawn[0])
    assert 4 <= sum(drawn[1]) <= 16  # a fifth, less what the crop leaves out


def test_a_chest_is_below_and_in_the_middle():
    alpha = torso((200, 160))
    assert alpha[190, 80] == 1 and alpha[190, 0] == 0
    assert not alpha[:120].any() and alpha.max() <= 1


def test_without_a_scene_landscapes_stand_behind_sitters(portrait, monkeypatch):
    from training.augmentation import samples

    seen = []
    monkeypatch.setattr(
        samples, "landscape", lambda rng, shape: seen.append(shape) or landscape(rng, shape)
    )
    for seed in range(24):
        colorization_sample(portrait, size=64, rng=np.random.default_rng(seed))
    assert 2 <= len(seen) <= 14 and set(seen) == {(64, 64)}  # half of half
    seen.clear()
    for seed in range(24):
        colorization_sample(
            portrait, size=64, rng=np.random.default_rng(seed), scene=lambda _: portrait
        )
    assert not seen
