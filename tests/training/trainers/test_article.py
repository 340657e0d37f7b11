"""The `article` presets are the article: the page's table, what is built, and two ranks as one."""

import importlib
import os
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import distributed, multiprocessing, nn, optim

from config.words.pairs import said
from config.words.wall import in_words
from tests.benchmarks.site import free_port
from tests.training.trainers.test_resume import learn, run_in
from training.networks import weights
from training.networks.discriminator import Discriminator, SelfAttention
from training.networks.inplace_abn import InPlaceABN
from training.networks.partial_conv import GroupedPartialConv2d
from training.networks.registry import build
from training.recipes import STAGES, changed, crops_at_once, crops_per_step, preset
from training.run_folder import RunFolder
from training.trainers import descent, precision, segmentation
from training.trainers.colour import adversary
from training.trainers.data import split_pools
from training.trainers.early_exit import Stopper
from training.trainers.trainer import Trainer

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| (finding|filling|colour) \| (.+?) \| `([\w./:]+)` \| `([\w./:]+)` \|$", re.M)
ROWS = ROW.findall((ROOT / "docs" / "networks.md").read_text())
RECIPES = {stage: preset(stage, "article") for stage in STAGES}


def built(stage):
    with torch.device("meta"):
        return build(stage, RECIPES[stage].network, **RECIPES[stage].arguments)


def parts(network, kind):
    return [part for part in network.modules() if isinstance(part, kind)]


def find_crops(recipe):
    sizes = recipe.size, recipe.large_crop_size
    assert sizes == (512, 1024) and 0 < recipe.large_crop_fraction < 1
    assert crops_per_step(recipe, 4) == 80 and crops_at_once(recipe, 4) == 1


def find_losses(recipe):
    assert recipe.positive_weight == "full" and recipe.dice_weight == 1 and not recipe.thin_lines


def find_stem(recipe):
    encoder = built("segmentation").encoder
    assert (encoder.conv1.kernel_size, encoder.conv1.stride) == ((3, 3), (1, 1))
    assert encoder.stem == "full" and not parts(encoder, nn.MaxPool2d)


def only_abn(stage, count):
    network = built(stage)
    assert len(parts(network, InPlaceABN)) == count
    assert not parts(network, nn.modules.batchnorm._BatchNorm)


def colour_order(recipe):
    assert recipe.adversarial_weight > 0 and 0.3 <= recipe.adversarial_from < 1


def both_adams(recipe):
    optimizer = descent.optimizer_of(nn.Linear(2, 2), recipe)
    assert isinstance(optimizer, optim.Adam | optim.AdamW)
    for group in optimizer.param_groups:
        assert group["betas"] == (0.0, 0.9) and group["weight_decay"] == 0


def discriminator_has(kind):
    network = Discriminator()
    if kind == "attention":
        assert len(parts(network, SelfAttention)) == 2
    else:
        kernels = parts(network, nn.Conv2d)
        assert kernels and all(hasattr(k, "parametrizations") for k in kernels)


def features_in_the_last_part(recipe, style):
    assert recipe.features == "vgg16" and recipe.perceptual_weight > 0
    assert 0 < recipe.feature_loss_fraction < 1
    assert not style or recipe.style_weight > 0


def output_is_chroma():
    network = build("colorization", "albunet", depth=18, norm="abn").eval()
    with torch.no_grad():
        assert network(torch.rand(1, 1, 64, 64)).shape == (1, 2, 64, 64)


def partial(recipe):
    network = built("inpainting")
    assert len(parts(network, GroupedPartialConv2d)) == 16 and network.unet.partial
    assert not network.fill


FIND, FILL, COLOUR = (RECIPES[stage] for stage in STAGES)
HOLDS = {
    "crops of 512 to 1024 px, 80 a step": lambda: find_crops(FIND),
    "weighted BCE and Dice": lambda: find_losses(FIND),
    "class weight clean / defect, measured": lambda: find_losses(FIND),
    "full-resolution stem without pooling": lambda: find_stem(FIND),
    "in-place ABN, synchronised": lambda: only_abn("segmentation", 20),
    "pretrained encoder": lambda: [FIND.encoder == "resnet18", COLOUR.encoder == "resnet50"],
    "mirror averaging": lambda: None,
    "random-walk damage": lambda: None,
    "partial convolutions": lambda: partial(FILL),
    "norms frozen at the end": lambda: [0 < FILL.frozen_norm_fraction < 1],
    "hole sizes tracked": lambda: None,
    "hole sizes guarded": lambda: None,
    "perceptual and style losses": lambda: features_in_the_last_part(FILL, style=True),
    "YCbCr, Y kept": output_is_chroma,
    "AlbuNet-50": lambda: [COLOUR.network == "albunet", COLOUR.arguments["depth"] == 50],
    "in-place ABN in AlbuNet-50": lambda: only_abn("colorization", 53),
    "L1 first, the discriminator later": lambda: colour_order(COLOUR),
    "Adam (0, 0.9) for both": lambda: both_adams(COLOUR),
    "self-attention": lambda: discriminator_has("attention"),
    "spectral norm": lambda: discriminator_has("spectral"),
    "VGG perceptual loss": lambda: features_in_the_last_part(COLOUR, style=False),
    "replaced backgrounds, landscapes too": lambda: None,
    "drawn insignia": lambda: None,
    "uniforms": lambda: None,
    "the choice by blind vote": lambda: None,
}


def test_the_table_names_every_technique_once():
    assert sorted(technique for _, technique, _, _ in ROWS) == sorted(HOLDS)


@pytest.mark.parametrize(("stage", "technique", "where", "tested"), ROWS, ids=lambda value: value)
def test_the_technique_is_where_the_table_says_and_in_the_preset(stage, technique, where, tested):
    module, _, name = where.rpartition(".")
    assert hasattr(importlib.import_module(module), name), where
    path, _, test = tested.partition("::")
    assert f"def {test}(" in (ROOT / path).read_text(), tested
    held = HOLDS[technique]()
    assert held is None or all(held)


def test_both_optimisers_of_the_colour_run_are_adam_without_momentum():
    source = Path(adversary.__file__).read_text()
    assert "betas=(0.0, 0.9)" in source
    for name in ("tiny", "lite"):  # and no other preset's changed
        other = descent.optimizer_of(nn.Linear(2, 2), preset("colorization", name))
        assert other.param_groups[0]["betas"] == (0.9, 0.999)


def test_the_class_weight_is_that_of_the_recipes_own_crops(tmp_path, monkeypatch):
    """Counted once more here, on the same crops: 500 of them, of the recipe's own size."""
    recipe = changed(preset("segmentation", "tiny"), positive_weight="full", images=20_000, size=64)
    run = run_in(tmp_path / "run", "segmentation")
    crops = segmentation.Crops(split_pools(run)[0], recipe, 1)
    seen, draw = [], crops.sample
    monkeypatch.setattr(crops, "sample", lambda n, size: seen.append(draw(n, size)) or seen[-1])
    learner = Trainer(run, run.spec(), Stopper())
    segmentation._start(learner, crops)
    assert len(seen) == 500 and {classes.shape for _, classes in seen} == {(64, 64)}
    classes = np.stack([classes for _, classes in seen])
    judged = classes & 128 == 0
    damaged = (classes & 7 > 0) & judged
    assert learner.notes["positive_weight"][0] == pytest.approx(judged.sum() / damaged.sum() - 1)


def test_the_discriminator_sleeps_until_its_share_of_the_run(tmp_path):
    run = run_in(tmp_path / "run", "colorization", images=16, adversarial_from=0.5, epoch_images=16)
    learn(run)
    learner = adversary.ColourTrainer(run, run.spec(), Stopper())
    awake = []
    for images in range(0, 16, 4):
        learner.images = images
        awake.append(learner.judged)
    assert awake == [False, False, True, True]
    before = run_in(
        tmp_path / "before", "colorization", images=8, adversarial_from=0.99, epoch_images=8
    )
    learn(before)
    moments = [k for k in load_file(before.resume) if k.startswith("judge/")]
    assert not moments  # it never took a step
    assert [k for k in load_file(run.resume) if k.startswith("judge/")]


def test_what_is_lacking_is_said_in_log_and_card(tmp_path, caplog):
    more = {"features": "vgg16", "perceptual_weight": 0.01, "images": 4, "epoch_images": 4}
    run = run_in(tmp_path / "run", "colorization", **more)
    learn(run)
    card = weights.read_card(run.best)
    assert card["lacks"] == [said("lacking.features", kind="vgg16")]
    assert in_words(card["lacks"][0]) in caplog.text and "features" not in card


SMALL = {
    "batch": 2,
    "accumulate": 1,
    "images": 4,
    "epoch_images": 4,
    "validation_photos": 1,
    "warmup_images": 4,
}
SIDES = {"segmentation": 32, "inpainting": 256, "colorization": 64}


def small_article(folder, stage):
    """The whole article network and losses on crops as small as it takes, for two steps."""
    recipe = RECIPES[stage]
    more = SMALL | {"size": SIDES[stage], "large_crop_size": SIDES[stage], "validation_size": 64}
    if stage == "colorization":  # a tiny rate for both, as the neighbours have it
        more |= {"adversarial_from": 0.0, "discriminator_rate": 1e-6}
    more |= {"learning_rate": 1e-6}
    run = run_in(folder, stage)
    recipe = changed(recipe, **more)
    spec = run.spec()
    run.write(type(spec)(recipe=recipe, seed=1), run.items())
    return run


def train_article(rank, folder, ports):
    precision.precision_of = lambda _: torch.float32
    for stage, port in zip(STAGES, ports, strict=True):
        os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank)}
        os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        learn(RunFolder(folder / stage))
        distributed.destroy_process_group()


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    alone, shared = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("shared")
    for stage in STAGES:
        small_article(shared / stage, stage)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(precision, "precision_of", lambda _: torch.float32)
            learn(small_article(alone / stage, stage))
    multiprocessing.spawn(train_article, (shared, [free_port() for _ in STAGES]), nprocs=2)
    return alone, shared


@pytest.mark.long
@pytest.mark.parametrize("stage", STAGES)
def test_an_article_run_over_two_ranks_equals_one(stage, articles):
    """Bounds: weights and running statistics to 1e-3 of each value or of their tensor's mean size,
    at least 1e-4; figures to 1e-3. The deepest statistics are those of eight values."""
    alone, shared = (RunFolder(folder / stage) for folder in articles)
    wanted, found = load_file(alone.resume), load_file(shared.resume)
    assert wanted.keys() == found.keys()
    worst = 0.0
    for name in wanted:
        if name.startswith(("model/", "discriminator/")):
            size = max(1e-4, 1e-3 * float(wanted[name].float().abs().mean()))
            torch.testing.assert_close(found[name], wanted[name], rtol=1e-3, atol=size)
            worst = max(worst, float((found[name] - wanted[name]).abs().max()))
    print(f"{stage}: weights of two ranks differ from one's by at most {worst:.1e}")
    figures = [{k: v for k, v in run.metrics().items() if v is not None} for run in (alone, shared)]
    assert figures[0].keys() == figures[1].keys()
    assert figures[1] == pytest.approx(figures[0], rel=1e-3, abs=1e-3)
