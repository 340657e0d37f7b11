"""The inpainting loop: drawn holes in clean photos, judged inside the holes only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.augmentation.samples import inpainting_sample
from training.imaging import baselines
from training.imaging.holes import hole_sizes
from training.networks import losses
from training.networks.perceptual import PerceptualFeatures
from training.recipes import InpaintingRecipe
from training.run_folder import RunError, RunFolder, Spec
from training.trainers.data import (
    VALIDATION,
    Picture,
    Pool,
    rng_for,
    sent,
    split_pools,
    to_picture,
    to_png,
    to_tensor,
)
from training.trainers.early_exit import Stopper
from training.trainers.encoders import features_of
from training.trainers.trainer import Trainer

SIZE_BINS = 512  # hole sizes are counted per pixel up to here


def train(run: RunFolder, spec: Spec, stopper: Stopper) -> None:
    """Train until the recipe's images are seen; see training.run_folder for the files."""
    recipe = spec.recipe
    assert isinstance(recipe, InpaintingRecipe)  # noqa: S101 - narrows the type
    torch.manual_seed(spec.seed)
    train_pool, held_pool = split_pools(run)
    learner = Trainer(run, spec, stopper)
    _check_sizes(recipe, learner.network.multiple)
    learner.notes["_hole_sizes"] = [0] * SIZE_BINS
    learner.resume()
    features = features_of(learner, recipe)

    with learner.feed(lambda image: _sample(learner, train_pool, image)) as ahead:
        while not learner.finished():
            learner.network.train()
            if learner.share >= 1 - recipe.frozen_norm_fraction:
                _begin_phase_two(learner)
            for samples in learner.parts(ahead):
                _count_holes(learner, [sample[2] for sample in samples])
                truth = to_tensor([sample[0] for sample in samples], learner.device)
                mask = validity([sample[1] for sample in samples], learner.device)

                with learner.precision.autocast():
                    out = learner.forward(truth, mask, by="raw")
                perceptual = learner.share >= 1 - recipe.feature_loss_fraction
                used, joined = features if perceptual else None, learner.ranks.joined
                learner.add(loss_of(out.float(), truth, mask, recipe, used, joined))
            learner.step()

            if learner.at_epoch_end():
                learner.keep_if_best(*validate(learner, held_pool, recipe))
            learner.pause()
    learner.try_blends(lambda: validate(learner, held_pool, recipe))


def _check_sizes(recipe: InpaintingRecipe, multiple: int) -> None:
    """Crops go to the network unpadded, since padding would be a hole that it learns from."""
    for name in ("size", "large_crop_size"):
        if getattr(recipe, name) % multiple:
            raise RunError(f"{name} must be a multiple of {multiple} for this network")


def _sample(learner: Trainer, pool: Pool, image: int) -> tuple[Picture, Picture, list[int]]:
    """The n-th crop of the run, its hole, and the sizes of that in px: measured where it is
    drawn, so that the loop does not wait."""
    rng = rng_for(learner.spec.seed, image)
    photo = pool.photo(pool.draw(rng))
    rgb, hole = inpainting_sample(photo, size=learner.size_of(image), rng=rng)
    return rgb, hole, [min(round(size), SIZE_BINS - 1) for size in hole_sizes(hole)]


def _count_holes(learner: Trainer, sizes: list[list[int]]) -> None:
    """Add the sizes of all ranks' holes to the run's count."""
    for size in learner.ranks.gathered([size for each in sizes for size in each]):
        learner.notes["_hole_sizes"][size] += 1


def validity(holes: list[Picture], device: torch.device) -> Tensor:
    """0/1 hole masks (1 = hole) to N x 1 x H x W floats, 1 = valid."""
    stack = sent(torch.from_numpy(np.stack(holes)), device)
    return (stack == 0).float().unsqueeze(1)


def _begin_phase_two(learner: Trainer) -> None:
    """Freeze the encoder's norms: holes disturb batch statistics. Idempotent, also on resume."""
    learner.freeze(learner.network.unet.encoder)
    learner.notes.setdefault("phase_two_at", learner.images)


def loss_of(
    out: Tensor,
    truth: Tensor,
    mask: Tensor,
    recipe: InpaintingRecipe,
    features: PerceptualFeatures | None = None,
    joined: losses.Joined = losses.alone,
) -> Tensor:
    """Scalar: the loss of pixels, and with `features` that of perception and style.

    `out` and `truth` are N x 3 x H x W floats 0..1, `mask` N x 1 x H x W with 1 = valid;
    `joined` adds sums up over all processes.
    """
    loss = pixel_loss(out, truth, mask, recipe, joined)
    return loss + feature_loss(features, out, truth, mask, recipe) if features else loss


def pixel_loss(
    out: Tensor,
    truth: Tensor,
    mask: Tensor,
    recipe: InpaintingRecipe,
    joined: losses.Joined = losses.alone,
) -> Tensor:
    """Scalar: L1 of valid and of hole pixels, and the composite's variation (Liu et al. 2018).

    `out` and `truth` are N x 3 x H x W floats 0..1, `mask` N x 1 x H x W with 1 = valid.
    """
    valid, hole = losses.valid_and_hole_l1(out, truth, mask, joined)
    loss = recipe.valid_weight * valid + recipe.hole_weight * hole
    if recipe.variation_weight:
        composite = torch.where(mask > 0, truth, out)
        loss = loss + recipe.variation_weight * losses.total_variation(composite, mask, joined)
    return loss


def feature_loss(
    features: PerceptualFeatures, out: Tensor, truth: Tensor, mask: Tensor, recipe: InpaintingRecipe
) -> Tensor:
    """Scalar: perceptual and style terms on the raw output and on the composite (Liu et al. 2018).

    `out` and `truth` are N x 3 x H x W floats 0..1, `mask` N x 1 x H x W with 1 = valid.
    """
    composite = torch.where(mask > 0, truth, out)
    with torch.no_grad():
        wanted = features(truth)
    loss = torch.zeros((), device=out.device)
    for picture in (out, composite):
        found = features(picture)
        loss = loss + recipe.perceptual_weight * losses.feature_l1(found, wanted)
        loss = loss + recipe.style_weight * losses.style_l1(found, wanted)
    return loss


def validation_set(pool: Pool, recipe: InpaintingRecipe) -> list[tuple[str, Picture, Picture]]:
    """(group of pictures, RGB, hole) with seeded holes; spread over all photos.

    RGB is H x W x 3 uint8, the hole H x W with 1 = hole.
    """
    items = pool.items[:: max(1, len(pool) // recipe.validation_photos)]
    found = []
    for index, item in enumerate(items[: recipe.validation_photos]):
        photo, rng = pool.photo(item), rng_for(1, VALIDATION + index)
        rgb, hole = inpainting_sample(photo, size=recipe.validation_size, rng=rng)
        found.append(("grey" if (rgb[..., 0] == rgb[..., 2]).all() else "colour", rgb, hole))
    return found


def with_rivals(
    pictures: Sequence[tuple[str, Picture, Picture]],
) -> list[tuple[Picture, Picture, dict[str, float]]]:
    """(RGB, hole, PSNR of each baseline in the hole): pictures and holes stay the same all run."""
    return [
        (
            rgb,
            hole,
            {name: hole_psnr(fill(rgb, hole), rgb, hole) for name, fill in baselines.FILLS.items()},
        )
        for _, rgb, hole in pictures
    ]


@torch.no_grad()
def validate(
    learner: Trainer, pool: Pool, recipe: InpaintingRecipe
) -> tuple[float, dict[str, Any]]:
    """(score, card): mean PSNR inside holes, beside Telea, Navier-Stokes and the bare start."""
    network = learner.averaged()
    rows: list[dict[str, float]] = []
    if "held" not in learner.fixed:
        learner.fixed["held"] = with_rivals(learner.ranks.mine(validation_set(pool, recipe)))
    pictures = learner.fixed["held"]
    for number, (rgb, hole, rivals) in enumerate(pictures):
        picture = to_tensor([rgb], learner.device)
        answer = to_picture(network(picture, validity([hole], learner.device))[0])
        rows.append({"network": hole_psnr(answer, rgb, hole), **rivals})
        if number % max(1, len(pictures) // 4) == 0:
            shown = np.where(hole[..., None] > 0, np.uint8(255), rgb)
            learner.write_sample(number, to_png([shown, answer, rgb]))
    rows = learner.ranks.gathered(rows)
    metrics = {f"hole_psnr/{name}": float(np.mean([r[name] for r in rows])) for name in rows[0]}
    learner.log(learner.validating, dict(metrics))
    best_rival = max(metrics[f"hole_psnr/{name}"] for name in baselines.FILLS)
    margin = metrics["hole_psnr/network"] - best_rival
    learner.log(learner.validating, {"margin": margin, "score": metrics["hole_psnr/network"]})
    card = {"metrics": metrics | {"margin": margin, "photos": len(rows)}}
    before = float(learner.parent_card.get("hole_size_max", 0))
    sizes = hole_statistics(learner.notes["_hole_sizes"], before)
    return metrics["hole_psnr/network"], card | sizes


def hole_psnr(result: Picture, truth: Picture, hole: Picture) -> float:
    """PSNR over the hole's pixels only, data range 255; 100 dB where they are equal."""
    difference = (result.astype(float) - truth)[hole > 0]
    mean = float((difference**2).mean()) if difference.size else 0.0
    return 100.0 if mean == 0 else min(100.0, float(10 * np.log10(255**2 / mean)))


def hole_statistics(counts: list[int], before: float = 0.0) -> dict[str, float]:
    """Largest and 99th percentile of the trained hole sizes, in px of the network's input.

    `before` is the largest that the parent's training saw: who goes on has seen it too.
    """
    total = np.cumsum(counts)
    if not total[-1]:
        return {"hole_size_max": before, "hole_size_p99": 0.0}
    return {
        "hole_size_max": max(before, float(np.flatnonzero(counts)[-1])),
        "hole_size_p99": float(np.searchsorted(total, 0.99 * total[-1])),
    }
