"""Colours that owners painted: where they are known, what they weigh, and that a run learns them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from tests.training.trainers.test_resume import learn, run_in
from training.augmentation.hinted import hinted_sample
from training.imaging.painted_colours import ColourStroke
from training.networks import weights
from training.recipes import RecipeError, changed, preset
from training.trainers.colorization import filled, loss_of
from training.trainers.colour import hints
from training.trainers.colour.pools import coloured, coloured_pools
from training.trainers.data import split_pools

RED, GREEN = (170, 60, 50), (60, 140, 60)
LINE = {"points": [[20, 48], [100, 48]], "width": 12, "colour": list(RED)}


def rng(seed=0):
    return np.random.default_rng(seed)


def stroke(*points, colour=RED, width=9.0):
    return ColourStroke(points, width, colour)


def ramp(height=96, width=120):
    """Grey that tells each place by its level: x in the first 120 levels."""
    return np.repeat(np.tile(np.arange(width, dtype=np.uint8), (height, 1))[..., None], 3, 2)


def hinted_run(folder, *strokes, **more):
    """The tiny run with one more photo, grey, on which `strokes` are painted."""
    run = run_in(folder, "colorization", adversarial_weight=0.0, **more)
    Image.fromarray(ramp()).save(folder / "old.png")
    [first, *_] = items = run.items()
    old = replace(first, image="old.png", colour_hints=list(strokes) or None)
    run.write(run.spec(), [*items, old])
    return run


@pytest.mark.parametrize("seed", range(8))
def test_a_crop_knows_colours_below_its_strokes_alone(seed):
    line = stroke((30.0, 40.0), (80.0, 40.0))
    luma, target, known = hinted_sample(ramp(), [line], size=64, rng=rng(seed))
    assert luma.shape == known.shape == (64, 64) and target.shape == (64, 64, 3)
    assert 0 < known.mean() < 1
    wanted = np.rint(np.array(line.chroma) + 128)
    np.testing.assert_array_equal(target[known][:, 1:], np.tile(wanted, (known.sum(), 1)))
    assert (target[~known][:, 1:] == 128).all() and (target[..., 0] == luma).all()
    levels = luma[known].astype(int)  # mirrored or not, the stroke lies where it was painted
    assert levels.min() >= 24 and levels.max() <= 86


@pytest.mark.parametrize("size", [(30, 500), (4000, 20), (1, 1), (700, 700)])
def test_any_photograph_gives_a_crop_around_any_stroke(size):
    photo = np.full((*size, 3), 90, np.uint8)
    for at in ((0.0, 0.0), (size[1] - 1.0, size[0] - 1.0)):
        _, _, known = hinted_sample(photo, [stroke(at, width=3.0)], size=32, rng=rng())
        assert known.any()


def test_later_strokes_cover_earlier_ones_and_none_takes_a_colour_away():
    below = stroke((30.0, 48.0), (90.0, 48.0), width=30.0)
    above = stroke((30.0, 48.0), (90.0, 48.0), colour=GREEN, width=30.0)
    _, target, known = hinted_sample(ramp(), [below, above], size=64, rng=rng(1))
    assert (target[known][:, 1:] == np.rint(np.array(above.chroma) + 128)).all()
    keep = stroke((0.0, 48.0), (120.0, 48.0), colour=None, width=60.0)
    _, _, known = hinted_sample(ramp(), [below, keep], size=64, rng=rng(1))
    assert not known.any()


def test_a_crop_weighs_as_the_recipe_says_however_few_pixels_are_painted(tmp_path):
    run = hinted_run(tmp_path / "run", LINE)
    pool = hints.hinted(split_pools(run)[0])
    assert [item.image for item in pool.items] == ["old.png"]
    _, _, weight = hints.sample(pool, 64, 0.5, rng())
    assert weight.mean() == pytest.approx(0.5)
    run = hinted_run(tmp_path / "dab", {"points": [[60, 48]], "width": 0.1, "colour": [9, 9, 90]})
    _, _, weight = hints.sample(hints.hinted(split_pools(run)[0]), 224, 1.0, rng())
    assert 0 < weight.mean() < 0.2


def test_pixels_without_a_hint_have_no_part_in_the_loss():
    recipe = preset("colorization", "tiny")
    generator = torch.Generator().manual_seed(1)
    found = torch.rand(1, 2, 8, 8, generator=generator).sub(0.5).requires_grad_()
    wanted, light = torch.zeros(1, 2, 8, 8), torch.full((1, 1, 8, 8), 0.5)
    counted = torch.zeros(1, 1, 8, 8)
    counted[..., 2:4, 2:4] = 16.0
    loss = loss_of(found, wanted, light, recipe, counted)
    loss.backward()
    assert (found.grad[..., 2:4, 2:4] != 0).all()
    assert (found.grad.abs().sum() - found.grad[..., 2:4, 2:4].abs().sum()) == 0
    assert loss.item() == pytest.approx(found[..., 2:4, 2:4].detach().abs().mean().item(), rel=1e-5)
    joined = filled(wanted, found, counted)
    assert (joined[..., 2:4, 2:4] == 0).all()
    assert torch.equal(joined[..., :2, :], found[..., :2, :]) and not joined.requires_grad


def test_whole_pictures_weigh_what_they_weighed_before():
    recipe = preset("colorization", "tiny")
    generator = torch.Generator().manual_seed(2)
    found, wanted = (torch.rand(2, 2, 8, 8, generator=generator) for _ in range(2))
    light, ones = torch.zeros(2, 1, 8, 8), torch.ones(2, 1, 8, 8)
    assert torch.equal(loss_of(found, wanted, light, recipe, ones), (found - wanted).abs().mean())


def test_painted_photos_teach_by_their_strokes_alone(tmp_path):
    run = hinted_run(tmp_path / "run", LINE)
    items = [replace(item, colour_hints=[LINE]) for item in run.items()[:1]] + run.items()[1:]
    run.write(run.spec(), items)
    pool = split_pools(run)[0]
    assert "0.png" not in [item.image for item in coloured(pool).items if not item.mask]
    assert len(hints.hinted(pool)) == 2
    only_kept = replace(items[0], colour_hints=[LINE | {"colour": None}])
    run.write(run.spec(), [only_kept, *items[1:]])
    assert len(hints.hinted(split_pools(run)[0])) == 1


@pytest.mark.parametrize("painted", [True, False])
def test_training_photos_stand_in_where_nothing_coloured_is_held_out(tmp_path, painted):
    """Grey photos are held out, painted on or not: a run chooses by what it learns from."""
    run = hinted_run(tmp_path / "run", LINE)
    old = replace(run.items()[-1], split="validation")
    old = old if painted else replace(old, colour_hints=None)
    run.write(run.spec(), [*(item for item in run.items() if item.split == "train"), old])
    train, held = coloured_pools(*split_pools(run))
    assert held is train and "old.png" not in {item.image for item in train.items}
    learn(run)
    assert "score" in weights.read_card(run.best)


def test_what_is_coloured_and_held_out_judges_alone(tmp_path):
    run = hinted_run(tmp_path / "run", LINE)
    items = [item for item in run.items() if item.split == "validation"]
    train, held = coloured_pools(*split_pools(run))
    assert held.items == items and not {i.split for i in train.items} - {"train"}


def test_strokes_change_a_run_and_are_counted_on_its_card(tmp_path):
    plain = hinted_run(tmp_path / "plain")
    given = hinted_run(tmp_path / "given", LINE, hint_fraction=0.5)
    other = hinted_run(tmp_path / "other", LINE | {"colour": list(GREEN)}, hint_fraction=0.5)
    for run in (plain, given, other):
        learn(run)
    found = [run.metrics() for run in (plain, given, other)]
    assert found[0].keys() == found[1].keys() and found[0] != found[1] != found[2]
    assert [weights.read_card(r.best)["hinted_photos"] for r in (plain, given)] == [0, 1]


def painted_chroma(run):
    """Mean Cb and Cr that a run's network gives the grey photo below its stroke."""
    network, _ = weights.load(run.best)
    luma = torch.from_numpy(ramp()[..., 0]).float()[None, None] / 255
    with torch.no_grad():
        return network.eval()(luma)[0, :, 44:52, 30:90].mean(dim=(1, 2)).numpy()


def test_a_run_learns_the_colours_that_were_painted(tmp_path):
    facts = {"images": 200, "epoch_images": 200, "hint_fraction": 1.0, "learning_rate": 0.01}
    found = {}
    for name, colour in (("red", RED), ("green", GREEN)):
        run = hinted_run(tmp_path / name, LINE | {"colour": list(colour)}, **facts)
        learn(run)
        found[name] = painted_chroma(run)
    wanted = {
        n: np.array(stroke((0, 0), colour=c).chroma)
        for n, c in zip(found, (RED, GREEN), strict=True)
    }
    for name, other in (("red", "green"), ("green", "red")):
        near, far = (np.hypot(*(found[name] - wanted[each])) for each in (name, other))
        assert near < 0.5 * far and near < 20


def test_old_recipes_keep_their_digest_and_shares_their_bounds():
    recipe = preset("colorization", "lite")
    assert changed(recipe, hint_fraction=0.1, hint_weight=1.0).digest() == recipe.digest()
    assert changed(recipe, hint_fraction=0.2).digest() != recipe.digest()
    for wrong in ({"hint_fraction": 1.2}, {"hint_weight": -1.0}):
        with pytest.raises(RecipeError, match=next(iter(wrong))):
            changed(recipe, **wrong)
