import numpy as np
import pytest

from photos.masks.classes import HOLE, SCUFF
from training.augmentation.layers import compose, label
from training.augmentation.patches.losses import loss
from training.augmentation.patches.outlines import across, jagged, middle, rounded
from training.augmentation.patches.worn import drop, rubbed

SHAPE = (384, 384)


def rng(seed):
    return np.random.default_rng(seed)


def drawn(kind, seed, ground=120.0, **more):
    """(damaged, classes) of one kind on an even ground."""
    plane = np.full(SHAPE, ground, np.float32)
    layers = kind(rng(seed), SHAPE, faint=0.5, amplitude=(12, 75), **more)
    damaged = compose(plane, layers)
    return damaged, label(plane, damaged, layers)


def widest(classes, bit):
    """The longest run of marked columns or rows, in px."""
    marked = (classes & bit) > 0
    return max(marked.any(axis=0).sum(), marked.any(axis=1).sum())


def test_losses_are_wide_and_many_reach_the_border():
    sizes, at_border = [], []
    for seed in range(60):
        _, classes = drawn(loss, seed)
        rim = np.r_[classes[0], classes[-1], classes[:, 0], classes[:, -1]]
        sizes.append(widest(classes, HOLE))
        at_border.append((rim & HOLE).any())
    assert np.median(sizes) > 60 and np.mean(np.array(sizes) > 150) > 0.15
    assert 0.25 < np.mean(at_border) < 0.85


def test_the_inside_of_a_loss_is_labelled_as_its_rim_is():
    for seed in range(30):
        plane = np.full(SHAPE, 120, np.float32)
        layers = loss(rng(seed), SHAPE, faint=0.5, amplitude=(12, 75))
        classes = label(plane, compose(plane, layers), layers)
        inside = layers[0].cover > 0.99
        assert (classes[inside] & HOLE).mean() / HOLE > 0.95


def test_most_losses_bare_white_paper():
    tones = []
    for seed in range(80):
        first = loss(rng(seed), SHAPE, faint=0.5, amplitude=(12, 75))[0]
        if not first.additive:
            tones.append(np.median(first.tone))
    assert 0.5 < np.mean(np.array(tones) > 180) < 0.85
    assert min(tones) < 60 < max(tones)


def test_a_jagged_outline_is_rougher_than_a_rounded_one():
    def roughness(outline):
        sides = np.diff(np.vstack([outline, outline[:1]]), axis=0)
        headings = np.unwrap(np.arctan2(sides[:, 1], sides[:, 0]))
        return np.abs(np.diff(headings)).sum()

    centre = np.array([200.0, 200.0])
    flakes = [roughness(jagged(rng(seed), centre, 150)) for seed in range(20)]
    drops = [roughness(rounded(rng(seed), centre, 150)) for seed in range(20)]
    assert np.median(flakes) > 3 * np.median(drops)


def test_sizes_follow_the_picture_and_its_enlargement():
    full = [across(rng(seed), SHAPE, 40, 300, 1.0) for seed in range(200)]
    shrunk = [across(rng(seed), SHAPE, 40, 300, 4.0) for seed in range(200)]
    assert min(full) >= 40 and max(full) <= 0.75 * 384
    assert np.median(shrunk) == pytest.approx(np.median(full) / 4, rel=0.1)
    assert all((middle(rng(seed), SHAPE) >= 0).all() for seed in range(50))


@pytest.mark.parametrize("kind", [rubbed, drop])
def test_worn_places_are_labelled_whole_and_of_both_signs(kind):
    lighter, marked = [], 0
    for seed in range(40):
        damaged, classes = drawn(kind, seed)
        change = damaged - 120
        if (classes & SCUFF).any():
            marked += 1
            lighter.append(change[(classes & SCUFF) > 0].mean() > 0)
    assert marked > 30 and 0.3 < np.mean(lighter) < 0.7


def test_a_picture_shows_through_a_drop_and_not_through_a_loss():
    stripes = np.tile(np.float32([100, 140]), (384, 192))
    for kind, shows in ((drop, True), (loss, False)):
        layer = next(
            layers[0]
            for seed in range(50)
            if (layers := kind(rng(seed), SHAPE, faint=0.5, amplitude=(12, 75)))[0].additive
            is shows
        )
        seen = compose(stripes, [layer])
        step = np.abs(np.diff(seen, axis=1))[layer.cover[:, 1:] > 0.99]
        assert bool(np.median(step) > 30) is shows
