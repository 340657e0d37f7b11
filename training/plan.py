"""`python -m training.plan RUNDIR --card a100-80 --cards 4`: hours, memory and cost of a run before
it is begun.

RUNDIR is a run's folder, as `training.cli.prepare` or the site writes it; without one, `--stage`
and `--recipe` name a preset. Work is counted in floating-point operations of the network on a
device that computes nothing, memory by what a step keeps. Hours follow from a card's peak and the
share of it that such networks reach (`--reached`, 0.2 unless measured), validations apart: an
estimate, not a promise.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from config.words.wall import in_words
from training.networks.discriminator import Discriminator
from training.networks.perceptual import PerceptualFeatures
from training.networks.registry import build
from training.recipes import (
    STAGES,
    Recipe,
    RecipeError,
    crops_at_once,
    crops_per_step,
    lacking,
    preset,
    rounding,
)
from training.run_folder import RunError, RunFolder
from training.trainers.feeding.unpacked import bytes_of, wanted_of

GIB = 2**30
MEMORIES = (16, 24, 40, 80)  # GiB of the cards one can rent
USABLE = 0.9  # of a card's memory: the rest is torch's own, the driver's and what lies in between
CONTEXT = 1.0 * GIB  # of CUDA, cuDNN and NCCL before the first tensor
STATE = 28  # bytes a parameter: weight, gradient, two moments, two averages, what travels; float32
BACKWARD = 2  # times the forward's operations
# A ResNet-50 in 16 bits on an A100: 2,470 pictures a second of 24.6 GFLOP, of 312 TFLOP/s.
REACHED = 0.2
LAUNCHES = 0.05  # seconds that a part takes however small it is: its kernels have to be started
PER_CORE = 8.0  # assumed, crops of 512 px that a core draws a second: see tests.benchmarks.feeding


@dataclass(frozen=True)
class Card:
    """A graphics card: peak of its 16-bit matrix units without sparsity, and its memory."""

    teraflops: float
    gibibytes: float


# As NVIDIA's data sheets have them, read in 2026.
CARDS = {
    "t4": Card(65, 16),
    "v100": Card(125, 16),
    "l4": Card(121, 24),
    "a10": Card(125, 24),
    "rtx3090": Card(71, 24),
    "rtx4090": Card(165, 24),
    "a100-40": Card(312, 40),
    "l40s": Card(362, 48),
    "a100-80": Card(312, 80),
    "h100": Card(989, 80),
}


@dataclass(frozen=True)
class Work:
    """What one crop costs: operations of a whole training step, and bytes kept for backward."""

    operations: float
    kept: float
    parameters: int


def inputs_of(stage: str, size: int) -> tuple[Tensor, ...]:
    """What the network of a stage takes, 1 x C x S x S on the device that computes nothing."""
    if stage == "inpainting":
        shapes = [(1, 3, size, size), (1, 1, size, size)]
    else:
        shapes = [(1, 1, size, size)]
    return tuple(torch.empty(shape, device="meta") for shape in shapes)


def kept_bytes(network: nn.Module, run: Callable[[], object]) -> float:
    """Bytes that a forward pass keeps for backward, parameters apart, each storage once."""
    own = {key_of(tensor) for tensor in [*network.parameters(), *network.buffers()]}
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        if key_of(tensor) not in own:
            kept[key_of(tensor)] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        answer = run()
        total = float(sum(tensor.untyped_storage().nbytes() for tensor in kept.values()))
    del answer
    return total


def key_of(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


def work_of(recipe: Recipe, size: int) -> Work:
    """The cost of one crop of `size` px: network, and what judges it, forward and backward."""
    with torch.device("meta"):
        network = build(recipe.stage, recipe.network, **recipe.arguments).train()
        judges = _judges(recipe)
    pictures = inputs_of(recipe.stage, size)
    operations, kept = measured(network, pictures, getattr(network, "raw", network))
    for judge, times in judges:
        more, held = measured(judge, (torch.empty(1, 3, size, size, device="meta"),), judge)
        operations, kept = operations + times * more, kept + 2 * held
    count = sum(p.numel() for p in network.parameters())
    return Work(operations, kept, count)


def measured(
    network: nn.Module, pictures: tuple[Tensor, ...], call: Callable[..., Any]
) -> tuple[float, float]:
    """(operations forward and backward, bytes kept) of one call, in float32."""
    with FlopCounterMode(display=False) as counter:
        kept = kept_bytes(network, lambda: call(*pictures))
    return (1 + BACKWARD) * float(counter.get_total_flops()), kept


def _judges(recipe: Recipe) -> list[tuple[nn.Module, float]]:
    """Networks that judge the answer, and how often they run, as a share of all crops."""
    found: list[tuple[nn.Module, float]] = []
    if getattr(recipe, "adversarial_weight", 0):  # on truth, on the answer, and for the network
        found.append((Discriminator(), 3 * (1 - getattr(recipe, "adversarial_from", 0.0))))
    if getattr(recipe, "features", None):
        passes = 3 if recipe.stage == "inpainting" else 2
        found.append((PerceptualFeatures(), passes * getattr(recipe, "feature_loss_fraction", 0)))
    return found


@dataclass(frozen=True)
class Plan:
    """A run on some cards: what it takes, and whether it fits."""

    stage: str
    recipe: str
    parameters: int
    crops: int
    crops_a_step: int
    crops_at_once: int
    petaflops: float
    gibibytes_a_crop: float
    gibibytes_needed: float
    fits: bool
    largest_micro_batch: dict[int, int]
    hours: float
    crops_a_second: float
    cost: float | None


def largest_micro_batch(work: Work, gibibytes: float, halves: bool = True) -> int:
    """How many crops lie in a card's memory at once; 0 where not even one does."""
    room = USABLE * gibibytes * GIB - CONTEXT - STATE * work.parameters
    return max(0, math.floor(room / (work.kept / (2 if halves else 1))))


def plan(
    recipe: Recipe,
    card: Card,
    cards: int = 1,
    *,
    reached: float = REACHED,
    price: float | None = None,
) -> Plan:
    """What a run of the recipe takes on so many cards; `price` is of one card an hour."""
    first, late = work_of(recipe, recipe.size), work_of(recipe, recipe.large_crop_size)
    share = recipe.large_crop_fraction
    worst = late if share else first
    each = (1 - share) * first.operations + share * late.operations
    at_once = crops_at_once(recipe, cards)
    needed = CONTEXT + STATE * worst.parameters + at_once * worst.kept / 2
    parts = recipe.images / (at_once * cards)
    seconds = parts * max(at_once * each / (reached * card.teraflops * 1e12), LAUNCHES)
    return Plan(
        stage=recipe.stage,
        recipe=recipe.name,
        parameters=worst.parameters,
        crops=recipe.images,
        crops_a_step=crops_per_step(recipe, cards),
        crops_at_once=at_once,
        petaflops=recipe.images * each / 1e15,
        gibibytes_a_crop=worst.kept / 2 / GIB,
        gibibytes_needed=needed / GIB,
        fits=needed <= USABLE * card.gibibytes * GIB,
        largest_micro_batch={size: largest_micro_batch(worst, size) for size in MEMORIES},
        hours=seconds / 3600,
        crops_a_second=recipe.images / seconds,
        cost=None if price is None else price * cards * seconds / 3600,
    )


def said(found: Plan, recipe: Recipe, card: str, cards: int, per_core: float) -> list[str]:
    """The plan in sentences."""
    micro = ", ".join(f"{n} on {size} GiB" for size, n in found.largest_micro_batch.items())
    lines = [
        f"{found.stage} {found.recipe}: {found.parameters / 1e6:.1f} M parameters, "
        f"{found.crops:,} crops, {found.petaflops:,.0f} PFLOP",
        f"a step takes {found.crops_a_step} crops, {found.crops_at_once} at once on each "
        f"of {cards} x {card}",
        f"memory: {found.gibibytes_a_crop:.2f} GiB a crop in 16 bits, {found.gibibytes_needed:.1f} "
        f"GiB a card: {'fits' if found.fits else 'does NOT fit'}",
        f"largest micro-batch: {micro}",
        f"about {found.hours:.1f} hours, {found.crops_a_second:.1f} crops a second, for which "
        f"{math.ceil(found.crops_a_second / 0.8 / per_core / cards)} workers a card draw "
        f"({per_core:g} crops a second each)",
    ]
    if found.cost is not None:
        lines.append(f"cost: {found.cost:,.0f}")
    return [*lines, *map(in_words, filter(None, [rounding(recipe, cards), *lacking(recipe)]))]


def pictures_of(run: RunFolder, stage: str) -> str:
    """How many photos the snapshot has and what they need on the disk once unpacked."""
    items = [item for item in run.items() if item.split == "train"]
    size = sum(bytes_of(run, one) for one in wanted_of(items, stage))
    masks = sum(item.mask is not None for item in items)
    return f"{len(items)} training photos, {masks} with masks; unpacked {size / 1e9:.1f} GB"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        run = RunFolder(options.rundir) if options.rundir else None
        recipe = run.spec().recipe if run else preset(options.stage, options.recipe)
        found = plan(
            recipe,
            CARDS[options.card],
            options.cards,
            reached=options.reached,
            price=options.price,
        )
        lines = [pictures_of(run, recipe.stage)] if run else []
    except (RunError, RecipeError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.json:
        sys.stdout.write(json.dumps(asdict(found), indent=1) + "\n")
    else:
        lines += said(found, recipe, options.card, options.cards, options.per_core)
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _above_zero(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.plan", description=__doc__)
    parser.add_argument("rundir", type=Path, nargs="?", help="a run's folder: snapshot and recipe")
    parser.add_argument("--stage", choices=STAGES, default="segmentation")
    parser.add_argument("--recipe", default="article")
    parser.add_argument("--card", choices=sorted(CARDS), default="a100-80")
    parser.add_argument("--cards", type=_count, default=1)
    parser.add_argument("--reached", type=_above_zero, default=REACHED, help="share of the peak")
    parser.add_argument("--price", type=_above_zero, help="of one card an hour")
    parser.add_argument(
        "--per-core", type=_above_zero, default=PER_CORE, help="crops a worker draws"
    )
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
