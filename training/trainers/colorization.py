"""The colour loop: graded luma in, clean chroma out; L1 or Huber, on request features and a GAN.

Photos that are grey but painted on (`colour_hints`) join with a loss on the painted pixels alone.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from training.augmentation.samples import colorization_sample
from training.imaging.colour import rgb_to_ycbcr, ycbcr_to_rgb
from training.imaging.rare_colours import rarity
from training.networks import losses
from training.networks.perceptual import PerceptualFeatures
from training.recipes import ColorizationRecipe
from training.run_folder import RunFolder, Spec
from training.trainers.colour import hints
from training.trainers.colour.adversary import ColourTrainer
from training.trainers.colour.pools import (
    chroma_of,
    coloured_pools,
    is_portrait,
    kind_of,
    mean_chroma,
    scenes_of,
)
from training.trainers.data import Picture, Pool, rng_for, split_pools, to_png, to_tensor
from training.trainers.early_exit import Stopper
from training.trainers.encoders import features_of

HALF = 127.5  # chroma leaves the network in -127.5..127.5


def train(run: RunFolder, spec: Spec, stopper: Stopper) -> None:
    """Train until the recipe's images are seen; see training.run_folder for the files."""
    recipe = spec.recipe
    assert isinstance(recipe, ColorizationRecipe)  # noqa: S101 - narrows the type
    torch.manual_seed(spec.seed)
    pools = split_pools(run)
    train_pool, held_pool = coloured_pools(*pools)
    crops = Crops(train_pool, hints.hinted(pools[0]), recipe, spec.seed)
    learner = ColourTrainer(run, spec, stopper)
    learner.resume()
    features = features_of(learner, recipe)
    rare = rarities(train_pool, learner.device) if recipe.rare_colours else None
    learner.notes["hinted_photos"] = len(crops.hinted)

    with learner.feed(lambda image: crops.sample(image, learner.size_of(image))) as ahead:
        while not learner.finished():
            learner.network.train()
            for samples in learner.parts(ahead):
                luma = to_tensor([sample[0] for sample in samples], learner.device)
                target = to_tensor([sample[1] for sample in samples], learner.device)
                light, wanted = target[:, :1], (target[:, 1:] * 255 - 128) / HALF
                counted = torch.from_numpy(np.stack([sample[2] for sample in samples]))
                counted = counted[:, None].to(learner.device)

                with learner.precision.autocast():
                    found = learner.forward(luma)
                found = found.float() / HALF
                perceptual = learner.share >= 1 - recipe.feature_loss_fraction
                used = features if perceptual else None
                loss = loss_of(found, wanted, light, recipe, counted, rare, used)
                if learner.adversary and learner.judged:
                    wanted = filled(wanted, found, counted)
                    judged = learner.adversary.against(light, found, wanted)
                    loss = loss + recipe.adversarial_weight * judged
                learner.add(loss)
            learner.step()

            if learner.at_epoch_end():
                learner.keep_if_best(*validate(learner, train_pool, held_pool, recipe))
            learner.pause()
    learner.try_blends(lambda: validate(learner, train_pool, held_pool, recipe))


class Crops:
    """The n-th training crop: of a photo in colour, or of a grey one around painted colours."""

    def __init__(self, pool: Pool, hinted: Pool, recipe: ColorizationRecipe, seed: int) -> None:
        self.pool, self.hinted, self.recipe, self.seed = pool, hinted, recipe, seed
        self.scenes = scenes_of(pool)

    def sample(self, image: int, size: int) -> tuple[Picture, Picture, hints.Weights]:
        """(luma S x S, YCbCr S x S x 3, weight of each pixel S x S)."""
        rng = rng_for(self.seed, image)
        if len(self.hinted) and rng.random() < self.recipe.hint_fraction:
            return hints.sample(self.hinted, size, self.recipe.hint_weight, rng)
        item = self.pool.draw(rng)
        luma, target = colorization_sample(
            self.pool.photo(item),
            size=size,
            rng=rng,
            scene=self._scene if self.scenes else None,
            portrait=is_portrait(item),
        )
        return luma, target, np.ones((size, size), np.float32)

    def _scene(self, rng: np.random.Generator) -> Picture:
        assert self.scenes is not None  # noqa: S101 - narrows the type
        return self.scenes.photo(self.scenes.draw(rng))


def loss_of(
    found: Tensor,
    wanted: Tensor,
    light: Tensor,
    recipe: ColorizationRecipe,
    counted: Tensor,
    rare: Tensor | None = None,
    features: PerceptualFeatures | None = None,
) -> Tensor:
    """Scalar: L1 or Huber, dearer for rare colours with their table `rare`; with `features` also
    L1 of perceptual features.

    `found` and `wanted` are N x 2 x H x W chroma in -1..1, `light` N x 1 x H x W luma in 0..1,
    `counted` N x 1 x H x W: the weight of each pixel, 0 where no colour is known.
    """
    weight = counted
    if rare is not None:
        weight = counted * (1 + recipe.rare_colours * (losses.rebalanced(wanted, rare) - 1))
    loss = losses.chroma_loss(found, wanted, recipe.huber / HALF, weight)
    if features:
        known = filled(wanted, found, counted)
        fake, real = features(to_rgb(light, found)), features(to_rgb(light, known))
        loss = loss + recipe.perceptual_weight * losses.feature_l1(fake, real)
    return loss


def filled(wanted: Tensor, found: Tensor, counted: Tensor) -> Tensor:
    """The wanted chroma, and the network's own where none is known: what judges whole pictures
    has nothing to say there. N x 2 x H x W in -1..1; `counted` N x 1 x H x W."""
    return torch.where(counted > 0, wanted, found.detach())


def rarities(pool: Pool, device: torch.device) -> Tensor:
    """How rare the pool's colours are, 32 x 32 weights over Cb and Cr, on the network's device."""
    return torch.from_numpy(rarity(chroma_of(pool))).to(device)


def to_rgb(luma: Tensor, chroma: Tensor) -> Tensor:
    """Y in 0..1 and chroma in -1..1 to RGB (BT.601 full range), clipped to 0..1."""
    cb, cr = chroma[:, :1] * (HALF / 255), chroma[:, 1:] * (HALF / 255)
    green = luma - 0.344136286 * cb - 0.714136286 * cr
    return torch.cat([luma + 1.402 * cr, green, luma + 1.772 * cb], 1).clamp(0, 1)


def validation_set(pool: Pool, recipe: ColorizationRecipe) -> list[tuple[str, Picture]]:
    """(kind, RGB) with the long side at `validation_size` px; portraits and others apart."""
    items = pool.items[:: max(1, len(pool) // recipe.validation_photos)]
    found = []
    for item in items[: recipe.validation_photos]:
        photo = pool.photo(item)
        scale = min(1.0, recipe.validation_size / max(photo.shape[:2]))
        width, height = (max(16, round(side * scale)) for side in photo.shape[1::-1])
        small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
        found.append((kind_of(item, photo), np.asarray(small, np.uint8)))
    return found


@torch.no_grad()
def validate(
    learner: ColourTrainer, train_pool: Pool, held_pool: Pool, recipe: ColorizationRecipe
) -> tuple[float, dict[str, Any]]:
    """(score, card): minus the mean over kinds of MSE on CbCr against grey's.

    So studio portraits, which are many and easy, cannot outvote scenes. Beside it stand grey and
    the training set's mean.
    """
    network = learner.averaged()
    if "mean_chroma" not in learner.notes:
        learner.notes["mean_chroma"] = mean_chroma(train_pool)
    mean = np.array(learner.notes["mean_chroma"])
    rows: list[list[tuple[str, float]]] = []
    pictures = learner.ranks.mine(validation_set(held_pool, recipe))
    for number, (kind, rgb) in enumerate(pictures):
        truth = rgb_to_ycbcr(rgb).astype(float)
        luma = truth[..., 0].astype(np.uint8)
        answer = network(to_tensor([luma], learner.device))[0].permute(1, 2, 0).cpu().numpy()
        guesses = {"network": answer + 128.0, "grey": np.full(2, 128.0), "mean": mean}
        rows.append([])
        for name, guess in guesses.items():
            error = float(((truth[..., 1:] - guess) ** 2).mean())
            rows[-1] += [(f"chroma_mse/{name}", error), (f"{kind}/chroma_mse/{name}", error)]
        if number % max(1, len(pictures) // 6) == 0:
            learner.write_sample(number, to_png([luma, merge(luma, answer), rgb]))
    found: dict[str, list[float]] = {}
    for name, error in chain.from_iterable(learner.ranks.gathered(rows)):
        found.setdefault(name, []).append(error)
    metrics: dict[str, float | None] = {name: float(np.mean(v)) for name, v in found.items()}
    score = -float(np.mean(ratios_to_grey(metrics)))
    learner.log(learner.validating, {**metrics, "score": score})
    counts = {"photos": len(found["chroma_mse/network"])}
    return score, {"metrics": metrics | counts}


def ratios_to_grey(metrics: dict[str, float | None]) -> list[float]:
    """The network's MSE over grey's, one a kind of photo."""
    kinds = (name.removesuffix("/chroma_mse/network") for name in metrics)
    kept = [kind for kind in kinds if f"{kind}/chroma_mse/grey" in metrics]
    return [
        float(metrics[f"{kind}/chroma_mse/network"] or 0)
        / max(float(metrics[f"{kind}/chroma_mse/grey"] or 0), 1.0)
        for kind in kept
    ]


def merge(luma: Picture, chroma: np.ndarray[Any, Any]) -> Picture:
    """RGB from full-range luma and chroma around 0, as uint8."""
    planes = np.dstack([luma.astype(np.float32), chroma.astype(np.float32) + 128])
    return np.asarray(ycbcr_to_rgb(np.clip(planes.round(), 0, 255).astype(np.uint8)), np.uint8)
