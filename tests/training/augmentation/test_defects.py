import time
from collections import Counter

import numpy as np
import pytest

from photos.masks.classes import DEFECTS, FRACTURE, IGNORE, SCUFF
from training.augmentation import lines
from training.augmentation.defects import KINDS, draw_kind, random_defects
from training.augmentation.distractors import STRUCTURES
from training.augmentation.layers import Layer, compose, label
from training.augmentation.media_presets import FILM, PLATE, PRINT, draw_medium
from training.augmentation.random_walks import walk_points
from training.augmentation.textures import Textures

SHAPE = (96, 128)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_every_kind_draws_sound_layers(kind, seed):
    for layer in KINDS[kind](rng(seed), SHAPE, faint=0.5, amplitude=(12, 70)):
        assert layer.cover.shape == SHAPE
        assert layer.cover.min() >= 0 and layer.cover.max() <= 1 + 1e-6
        assert np.isfinite(layer.tone).all()
        assert layer.bit & (DEFECTS | IGNORE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_leaves_a_mark_most_times(kind):
    marks = 0
    for seed in range(12):
        layers = draw_kind(rng(seed), (200, 200), {kind: 1.0}, faint=0.0)
        marks += any((layer.cover > 0.3).any() for layer in layers)
    assert marks >= 6


SIGNED = ("crack", "fold", "fracture", "scratch", "hairs", "dendrites", "shower", "spots", "dust")


@pytest.mark.parametrize("kind", SIGNED)
def test_light_and_dark_are_drawn_alike(kind):
    ground = np.full(SHAPE, 128, np.float32)
    lighter = []
    for seed in range(60):
        layers = draw_kind(rng(seed), SHAPE, {kind: 1.0}, faint=0.5)
        change = compose(ground, layers[:1]) - ground
        if np.abs(change).max() > 5:
            lighter.append(change.sum() > 0)
    assert 0.3 < np.mean(lighter) < 0.7


def test_cracks_are_as_wide_as_finer_scans_show_them():
    from training.augmentation.strokes import WIDEST, log_width

    widths = [log_width(rng(seed), 1.0) for seed in range(400)]
    assert np.mean(np.array(widths) > 12) > 0.25 and max(widths) <= WIDEST
    assert max(log_width(rng(seed), 4.0) for seed in range(400)) <= WIDEST / 4


@pytest.mark.parametrize(("kind", "widest"), [("verticals", 8.0), ("hairs", 6.0)])
def test_film_lines_and_hairs_are_of_any_width_and_finer_where_enlarged(kind, widest, monkeypatch):
    """Log-uniform from .8 px on, as other lines, so that a finer scan is the same to the network."""

    def widths(shrink):
        seen = []
        monkeypatch.setattr(lines, "draw", lambda _, walk: seen.append(walk.widths.mean()))
        for seed in range(120):
            KINDS[kind](rng(seed), (192, 192), faint=0.5, amplitude=(12, 70), shrink=shrink)
        return np.array(seen)

    found = widths(1.0)
    assert found.min() > 0.79 and found.max() <= widest
    wanted = np.exp(np.linspace(np.log(0.8), np.log(widest), 5)[1:4])
    assert np.quantile(found, [0.25, 0.5, 0.75]) == pytest.approx(wanted, rel=0.2)
    finer = widths(4.0)
    assert finer.min() > 0.79 and finer.max() <= widest / 4 + 0.01


def test_media_name_kinds_that_exist():
    for medium in (FILM, PLATE, PRINT):
        assert set(medium.lines) | set(medium.areas) <= set(KINDS)


@pytest.mark.parametrize("film", [0.0, 0.3, 1.0])
def test_film_is_drawn_as_often_as_asked_and_the_others_share_the_rest(film):
    generator = rng()
    drawn = Counter(draw_medium(generator, film).name for _ in range(2000))
    assert drawn["film"] / 2000 == pytest.approx(film, abs=0.04)
    assert drawn["plate"] == pytest.approx(drawn["print"], rel=0.2)


def test_lines_come_first():
    bits = [
        layer.bit
        for seed in range(150)
        for layer in random_defects(rng(seed), SHAPE, draw_medium(rng(seed)))
        if not layer.relief
    ]
    assert 0.55 < np.mean([bit == FRACTURE for bit in bits]) < 0.9


def test_a_heading_does_not_curl():
    ends = [
        walk_points(rng(seed), np.zeros(2), 0.0, steps=200, step=1, turn=0.4)[-1]
        for seed in range(40)
    ]
    assert np.mean([end[0] for end in ends]) > 160


def flat_layer(tone, additive=True):
    cover = np.zeros((40, 40), np.float32)
    cover[18:21] = 1
    return Layer(FRACTURE, cover, tone, additive=additive)


def test_visible_damage_is_labelled_and_hidden_damage_ignored():
    clean = np.full((40, 40), 100, np.float32)
    for tone, bit in ((30.0, FRACTURE), (1.0, IGNORE)):
        layers = [flat_layer(tone)]
        classes = label(clean, compose(clean, layers), layers)
        assert (classes[19] == bit).all() and not classes[5].any()


@pytest.mark.parametrize("kind", ["dust", "hole"])
def test_rings_rims_and_shadows_are_labelled_with_their_defect(kind):
    """Unlabelled, they would teach that a rim is sound and stays."""
    ground, missed = np.full(SHAPE, 128, np.float32), []
    for seed in range(60):
        layers = KINDS[kind](rng(seed), SHAPE, faint=0.0, amplitude=(12, 70))
        damaged = compose(ground, layers)
        strong = np.abs(damaged - ground) > 20
        if len(layers) > 1 and strong.any():
            missed.append((label(ground, damaged, layers)[strong] == 0).mean())
    assert len(missed) > 5 and np.mean(missed) < 0.1


def test_white_on_white_is_not_damage():
    white = np.full((40, 40), 254, np.float32)
    layers = [flat_layer(255.0, additive=False)]
    classes = label(white, compose(white, layers), layers)
    assert not (classes & DEFECTS).any()


def test_grain_hides_faint_damage():
    clean = np.full((40, 40), 100, np.float32)
    layers = [flat_layer(8.0)]
    damaged = compose(clean, layers)
    assert (label(clean, damaged, layers, noise=0)[19] == FRACTURE).all()
    assert (label(clean, damaged, layers, noise=20)[19] == IGNORE).all()


def test_a_picture_stays_within_its_levels():
    for seed in range(10):
        layers = random_defects(rng(seed), SHAPE, draw_medium(rng(seed)))
        damaged = compose(np.full(SHAPE, 250, np.float32), layers)
        assert damaged.min() >= 0 and damaged.max() <= 255


def test_a_folder_of_shapes_is_optional(tmp_path):
    assert Textures.load(None) is None
    assert Textures.load(tmp_path / "missing") is None
    assert Textures.load(tmp_path) == Textures()


def test_a_plane_is_drawn_fast():
    started = time.process_time()
    for seed in range(5):
        draw_kind(rng(seed), (1024, 1024), {"fracture": 1.0}, faint=0.5)
    assert (time.process_time() - started) / 5 < 0.2


def test_soft_stains_are_ignored_and_blots_are_damage():
    bits = {
        (layer.bit, layer.additive)
        for seed in range(40)
        for layer in KINDS["stain"](rng(seed), SHAPE, faint=0.5, amplitude=(12, 70))
    }
    assert bits == {(IGNORE, True), (SCUFF, False)}


@pytest.mark.parametrize("draw", STRUCTURES, ids=lambda draw: draw.__name__)
def test_structures_fit_any_picture(draw):
    for seed, shape in enumerate([(64, 48), (33, 97)]):
        drawn = draw(np.full(shape, 120, np.float32), rng(seed))
        assert drawn.shape == shape and np.isfinite(drawn).all()
