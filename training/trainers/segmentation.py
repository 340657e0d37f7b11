"""The segmentation loop: synthetic damage beside human masks, selected on real masks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from photos.masks.classes import BITS, DEFECTS, IGNORE
from training.augmentation.copy_paste import Donor
from training.augmentation.crops import around_a_defect, crop, luma_plane, painted_crop
from training.augmentation.samples import damaged_more, segmentation_sample
from training.augmentation.textures import Textures
from training.imaging.colour import luma as luma_of
from training.networks import losses, weights
from training.recipes import SegmentationRecipe, is_there
from training.run_folder import Item, RunFolder, Spec
from training.trainers.data import (
    VALIDATION,
    Picture,
    Pool,
    rng_for,
    sent,
    split_pools,
    to_tensor,
)
from training.trainers.early_exit import Stopper
from training.trainers.trainer import Trainer
from training.trainers.validation.line_recall import PICTURES, line_pictures, line_recall
from training.trainers.validation.segmentation import (
    ALARMS,
    DAMAGE,
    count,
    judged,
    score_of,
    together,
    with_looks,
)

LARGEST = 1024  # side of the window of a human-masked photo that is validated
DONORS, DONOR_REACH = 32, 800  # photos whose damage moves, and px of them around a defect
PRIOR_SAMPLES = 500  # crops on which the rarity of damage is measured; 48 gave 57 to 185 by seed


def train(run: RunFolder, spec: Spec, stopper: Stopper) -> None:
    """Train until the recipe's images are seen; see training.run_folder for the files."""
    recipe = spec.recipe
    assert isinstance(recipe, SegmentationRecipe)  # noqa: S101 - narrows the type
    torch.manual_seed(spec.seed)
    train_pool, held_pool = split_pools(run)
    crops = Crops(train_pool, recipe, spec.seed, from_nothing=spec.parent is None)
    pretrained = spec.parent or is_there(recipe, "encoder")
    rates = {"encoder": recipe.encoder_rate} if pretrained else {}
    learner = Trainer(run, spec, stopper, rates)
    if not learner.resume():
        _start(learner, crops)
    rarity = torch.tensor(learner.notes["positive_weight"][:1], device=learner.device)

    with learner.feed(lambda image: crops.sample(image, learner.size_of(image))) as ahead:
        while not learner.finished():
            learner.network.train()
            for samples in learner.parts(ahead):
                luma = to_tensor([sample[0] for sample in samples], learner.device)
                truth, counted = targets([sample[1] for sample in samples], learner.device)

                with learner.precision.autocast():
                    logits = learner.forward(luma)
                joined = learner.ranks.joined
                learner.add(loss_of(logits.float(), truth, counted, rarity, recipe, joined))
            learner.step()

            if learner.at_epoch_end():
                learner.keep_if_best(*validate(learner, held_pool, recipe))
            learner.pause()
    learner.try_blends(lambda: validate(learner, held_pool, recipe))
    if learner.ranks.leads:
        network, card = weights.load(run.best)
        network = network.to(learner.device)
        card = with_looks(network, card, validation_set(held_pool, recipe), stopper)
        weights.save(run.best, network, card, dtype=torch.float32)


class Crops:
    """The n-th training crop: synthetic damage on a clean photo, or a cut of a human mask."""

    def __init__(
        self, pool: Pool, recipe: SegmentationRecipe, seed: int, *, from_nothing: bool = True
    ) -> None:
        self.recipe, self.seed = recipe, seed
        self.human_mask_start = recipe.human_mask_start * recipe.images if from_nothing else 0.0
        self.masked = Pool(pool.run, [item for item in pool.items if item.mask])
        self.clean = Pool(pool.run, [item for item in pool.items if not item.mask])
        self.textures = Textures.load(None)
        self.donors = list(islice(self._lifted(), DONORS))

    def _lifted(self) -> Iterator[Donor]:
        """Damage of the photos that are drawn most, in no order among equals."""
        items = self.masked.items
        order = rng_for(self.seed, VALIDATION).permutation(len(items)).tolist()
        order.sort(key=lambda number: -items[number].weight)
        for number in order:
            if donor := self._donor(number, items[number]):
                yield donor

    def _donor(self, number: int, item: Item) -> Donor | None:
        """Of a large photo the surroundings of one defect: all donors stay in memory."""
        photo, mask = self.masked.plain(item), self.masked.mask(item)
        if not (mask & DEFECTS).any():
            return None
        rng = rng_for(self.seed, VALIDATION + number)
        photo, mask = around_a_defect(photo, mask, DONOR_REACH, rng)
        return Donor.lift(luma_plane(photo), mask)

    def human_mask_fraction(self, image: int) -> float:
        return self.recipe.human_mask_fraction if image >= self.human_mask_start else 0.0

    def structures(self, image: int) -> float:
        """Look-alikes come once lines are found: from the first crop on they slow that down."""
        later = image >= self.recipe.structures_from * self.recipe.images
        return self.recipe.structures if later else 0.0

    def sample(self, image: int, size: int) -> tuple[Picture, Picture]:
        """(luma, class bits), both size x size uint8."""
        rng = rng_for(self.seed, image)
        human = len(self.masked) and rng.random() < self.human_mask_fraction(image)
        if human or not len(self.clean):
            return self._human(self.masked.draw(rng), size, rng)
        photo = self.clean.photo(self.clean.draw(rng))
        return segmentation_sample(
            photo,
            size=size,
            rng=rng,
            textures=self.textures,
            faint=self.recipe.faint,
            film=self.recipe.film,
            holes=self.recipe.holes,
            structures=self.structures(image),
            donors=self.donors,
        )

    def _human(self, item: Item, size: int, rng: np.random.Generator) -> tuple[Picture, Picture]:
        """A cut of a labelled photo, half of the time with drawn damage on it as well."""
        luma, classes = painted_crop(self.masked.plain(item), self.masked.mask(item), size, rng)
        if rng.random() < self.recipe.drawn_over:
            faint, holes = self.recipe.faint, self.recipe.holes
            return damaged_more(luma, classes, rng=rng, faint=faint, holes=holes)
        return luma, classes


def targets(classes: list[Picture], device: torch.device) -> tuple[Tensor, Tensor]:
    """Class bits to truth N x 3 x H x W and counted N x 1 x H x W, floats 0 or 1."""
    stack = sent(torch.from_numpy(np.stack(classes)), device)
    truth = torch.stack([(stack & bit) > 0 for bit in BITS.values()], dim=1).float()
    counted = ((stack & IGNORE) == 0).unsqueeze(1).float()
    return truth, counted


def _start(learner: Trainer, crops: Crops) -> None:
    """Measure how rare damage is at the recipe's own size, weigh it, start the head there."""
    recipe = crops.recipe
    samples = min(PRIOR_SAMPLES, max(48, recipe.images // 40))
    defects, cleans = torch.zeros(1), torch.zeros(1)
    for number in range(samples):  # as they come after the first crops: every kind is there
        _, classes = crops.sample(VALIDATION + number, recipe.size)
        truth, counted = targets([classes], torch.device("cpu"))
        damaged = truth.amax(dim=1, keepdim=True) * counted
        defects += damaged.sum()
        cleans += counted.sum() - damaged.sum()
    rarity = losses.positive_weights(defects, cleans, recipe.positive_weight)
    learner.notes["positive_weight"] = rarity.tolist() * len(BITS)
    prior = losses.prior_logits(defects, cleans, rarity)
    start = getattr(learner.network, "start_at_prior", None)
    if start and learner.spec.parent is None:
        start(prior.tolist() * len(BITS))
        learner.average.follow(learner.network, 0)


def loss_of(
    logits: Tensor,
    truth: Tensor,
    counted: Tensor,
    rarity: Tensor,
    recipe: SegmentationRecipe,
    joined: losses.Joined = losses.alone,
) -> Tensor:
    """Scalar: weighted BCE and Dice of damage of any class, cross-entropy of which class it is.

    `logits` and `truth` are N x 3 x H x W, `counted` N x 1 x H x W with 0 where nobody judged;
    `rarity`, one number, weighs damaged pixels; `joined` adds sums up over all processes.
    """
    damage, damaged = losses.any_damage(logits, truth)
    weight = counted * losses.thinness(damaged) if recipe.thin_lines else counted
    loss = losses.weighted_bce(damage, damaged, weight, rarity, joined)
    dice = losses.dice_loss(damage, damaged, counted, joined)
    named = losses.class_cross_entropy(logits, truth, counted, joined)
    return loss + recipe.dice_weight * dice + recipe.class_weight * named


def validation_set(
    pool: Pool, recipe: SegmentationRecipe, repeats: int = 1
) -> list[tuple[str, Picture, Picture]]:
    """(kind, luma, class bits): `real` windows of human masks, `synthetic` seeded damage, `sound`
    the same photos as they are.

    Clean photos are damaged `repeats` times: rare classes need more pictures to calibrate on.

    Luma and class bits are H x W uint8.
    """
    masked = [item for item in pool.items if item.mask][: recipe.validation_photos]
    clean = [item for item in pool.items if not item.mask]
    step = max(1, len(clean) // recipe.validation_photos)  # spread over all groups
    clean = clean[::step][: recipe.validation_photos]
    found = []
    for index, item in enumerate(masked):
        rng = rng_for(0, VALIDATION + index)
        size = min(LARGEST, *(side - side % 16 for side in pool.mask(item).shape))
        window, classes = crop(pool.photo(item), max(16, size), rng, pool.mask(item))
        found.append(("real", np.asarray(luma_of(window), np.uint8), classes))
    textures = Textures.load(None)
    for index, item in enumerate(clean * repeats):
        rng = rng_for(1, VALIDATION + index)
        size = recipe.validation_size
        luma, classes = segmentation_sample(
            pool.photo(item), size=size, rng=rng, textures=textures, faint=recipe.faint
        )
        found.append(("synthetic", luma, classes))
    for index, item in enumerate(clean):
        photo, rng = pool.photo(item), rng_for(2, VALIDATION + index)
        [window] = crop(photo, min(recipe.validation_size, *photo.shape[:2]), rng)  # unpadded
        luma = np.asarray(luma_of(window), np.uint8)
        found.append(("sound", luma, np.zeros_like(luma)))
    return found


def validate(
    learner: Trainer, pool: Pool, recipe: SegmentationRecipe
) -> tuple[float, dict[str, Any]]:
    """(score, card). Half of the score is the best Dice of damage, on real masks where any are,
    else on synthetic ones; a quarter each the worst and the mean cell of the line probe, at the
    cut that leaves sound pictures alone."""
    rarity = learner.notes["positive_weight"]
    network = learner.averaged()
    found = learner.ranks.mine(validation_set(pool, recipe))
    histograms = count(network, found, learner.device, learner.write_sample)
    histograms = together(learner.ranks.gathered([histograms]))
    card = judged(histograms, rarity)
    for kind, values in card["metrics"].items():
        learner.log(learner.validating, {f"{kind}/{name}": value for name, value in values.items()})
    score = score_of(card["metrics"])
    sound = histograms["sound"][DAMAGE]
    if sound.negative.any():
        cut = sound.logit_of_alarms(ALARMS)
        pictures = line_pictures(pool, min(PICTURES, recipe.validation_photos))
        if lines := line_recall(network, pictures, cut, learner.device):
            learner.log(learner.validating, {f"lines/{k}": v for k, v in lines.items()})
            card["metrics"]["lines"] = lines
            score = (2 * score + lines["worst"] + lines["mean"]) / 4
    learner.log(learner.validating, {"score": score})
    return score, card
