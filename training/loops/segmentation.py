"""The segmentation loop: synthetic damage beside human masks, selected on real masks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.imaging.colour import luma as luma_of
from training.imaging.rim import inner
from training.loops.ahead import Ahead
from training.loops.data import (
    Picture,
    Pool,
    crop,
    rng_for,
    split_pools,
    to_picture,
    to_png,
    to_tensor,
)
from training.loops.learner import Learner
from training.loops.run_folder import Item, RunFolder, Spec
from training.loops.stopping import Stopper
from training.networks import losses
from training.networks.calibration import LogitHistogram
from training.recipes import SegmentationRecipe
from training.synthesis.samples import segmentation_sample
from training.synthesis.textures import Textures
from training.synthesis.transplants import Donor

BITS = {"fracture": 1, "scuff": 2, "hole": 4}
DEFECTS, IGNORE = 7, 128
VALIDATION = 1 << 40  # validation choices come from numbers no training crop ever has
DONORS, DONOR_REACH = 32, 800  # photos whose damage moves, and px of them around a defect
AROUND = 0.7  # share of the cuts of painted photos that are laid around a defect
STRICT = 0.9  # threshold of a class that validation never saw
PRECISION = 0.5  # least precision of classes that only synthetic damage calibrates
Histograms = dict[str, dict[str, LogitHistogram]]
ALARMS = 0.002  # of sound pictures, that a class may mark: mending what is whole spoils it
LARGEST = 1024  # side of the window of a human-masked photo that is validated


def train(run: RunFolder, spec: Spec, stopper: Stopper) -> None:
    """Train until the recipe's images are seen; see training.loops.run_folder for the files."""
    recipe = spec.recipe
    assert isinstance(recipe, SegmentationRecipe)  # noqa: S101 - narrows the type
    torch.manual_seed(spec.seed)
    train_pool, held_pool = split_pools(run)
    crops = Crops(train_pool, recipe, spec.seed)
    learner = Learner(run, spec, stopper)
    if not learner.resume():
        _start(learner, crops)
    weights = torch.tensor(learner.notes["positive_weight"], device=learner.device)

    with Ahead(lambda image: crops.sample(image, learner.size_of(image))) as ahead:
        while not learner.finished():
            learner.network.train()
            for samples in learner.parts(ahead):
                luma = to_tensor([sample[0] for sample in samples], learner.device)
                truth, counted = targets([sample[1] for sample in samples], learner.device)

                with learner.precision.autocast():
                    logits = learner.network(luma)
                logits, joined = logits.float(), learner.ranks.joined
                loss = losses.weighted_bce(logits, truth, counted, weights, joined)
                dice = losses.dice_loss(logits, truth, counted, joined)
                learner.add(loss + recipe.dice_weight * dice)
            learner.step()

            if learner.at_epoch_end():
                learner.keep_if_best(*validate(learner, held_pool, recipe))
            learner.pause()
    learner.try_blend(lambda: validate(learner, held_pool, recipe))


class Crops:
    """The n-th training crop: synthetic damage on a clean photo, or a cut of a human mask."""

    def __init__(self, pool: Pool, recipe: SegmentationRecipe, seed: int) -> None:
        self.recipe, self.seed = recipe, seed
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
        photo, mask = self.masked.photo(item), self.masked.mask(item)
        if not (mask & DEFECTS).any():
            return None
        rng = rng_for(self.seed, VALIDATION + number)
        photo, mask = _around_a_defect(photo, mask, DONOR_REACH, rng)
        return Donor.lift(np.asarray(luma_of(photo), np.uint8), mask)

    def sample(self, image: int, size: int) -> tuple[Picture, Picture]:
        """(luma, class bits), both size x size uint8."""
        rng = rng_for(self.seed, image)
        human = len(self.masked) and rng.random() < self.recipe.human_share
        if human or not len(self.clean):
            return human_crop(self.masked, self.masked.draw(rng), size, rng)
        photo = self.clean.photo(self.clean.draw(rng))
        return segmentation_sample(
            photo,
            size=size,
            rng=rng,
            textures=self.textures,
            faint=self.recipe.faint,
            donors=self.donors,
        )


def human_crop(
    pool: Pool, item: Item, size: int, rng: np.random.Generator
) -> tuple[Picture, Picture]:
    """(luma, class bits) of a window of a photo somebody painted; most hold a defect.

    Turned and mirrored eight ways, lighter or darker, flatter or harder: painted photos are few.
    """
    photo, mask = pool.photo(item), pool.mask(item)
    if rng.random() < AROUND and (mask & DEFECTS).any():
        photo, mask = _around_a_defect(photo, mask, size, rng)
    window, classes = crop(photo, size, rng, mask)
    turns = int(rng.integers(4))
    luma = np.rot90(toned(np.asarray(luma_of(window), np.uint8), rng), turns)
    return np.ascontiguousarray(luma), np.ascontiguousarray(np.rot90(classes, turns))


def toned(luma: Picture, rng: np.random.Generator) -> Picture:
    """Another exposure of the same plate: gamma, contrast and brightness drawn anew."""
    gamma, contrast = np.exp(rng.uniform(-0.35, 0.35, 2))
    curve = 255 * (np.arange(256) / 255) ** gamma
    middle = curve[int(luma.mean())]
    curve = middle + contrast * (curve - middle) + rng.uniform(-20, 20)
    return np.clip(np.rint(curve), 0, 255).astype(np.uint8)[luma]


def _around_a_defect(
    photo: Picture, mask: Picture, size: int, rng: np.random.Generator
) -> tuple[Picture, Picture]:
    places = np.flatnonzero(mask & DEFECTS)
    y, x = divmod(int(places[rng.integers(len(places))]), mask.shape[1])
    rows = slice(max(0, y - size + 1), y + size)
    columns = slice(max(0, x - size + 1), x + size)
    return photo[rows, columns], mask[rows, columns]


def targets(classes: list[Picture], device: torch.device) -> tuple[Tensor, Tensor]:
    """Class bits to truth N x 3 x H x W and counted N x 1 x H x W, floats 0 or 1."""
    stack = torch.from_numpy(np.stack(classes)).to(device)
    truth = torch.stack([(stack & bit) > 0 for bit in BITS.values()], dim=1).float()
    counted = ((stack & IGNORE) == 0).unsqueeze(1).float()
    return truth, counted


def _start(learner: Learner, crops: Crops, samples: int = 48) -> None:
    """Measure how rare each class is, weigh it, and start the head at that prior."""
    classes = [crops.sample(VALIDATION + k, 128)[1] for k in range(samples)]
    truth, counted = targets(classes, torch.device("cpu"))
    defects = (truth * counted).sum((0, 2, 3))
    cleans = counted.sum() - defects
    weights = losses.positive_weights(defects, cleans, crops.recipe.positive_weight)
    learner.notes["positive_weight"] = weights.tolist()
    prior = losses.prior_logits(defects, cleans, weights)
    start = getattr(learner.network, "start_at_prior", None)
    if start and learner.spec.parent is None:
        start(prior.tolist())
        learner.average.follow(learner.network, 0)


def validation_set(
    pool: Pool, recipe: SegmentationRecipe, repeats: int = 1
) -> list[tuple[str, Picture, Picture]]:
    """(kind, luma, class bits): `real` windows of human masks, `synthetic` seeded damage, `sound`
    the same photos as they are.

    Clean photos are damaged `repeats` times: rare classes need more pictures to calibrate on.
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
    learner: Learner, pool: Pool, recipe: SegmentationRecipe
) -> tuple[float, dict[str, Any]]:
    """(score, card): mean best pooled Dice, on real masks where any are, else on synthetic."""
    weights = learner.notes["positive_weight"]
    found = learner.ranks.mine(validation_set(pool, recipe))
    histograms = count(learner.averaged(), found, learner.device, learner.write_sample)
    histograms = together(learner.ranks.gathered([histograms]))
    card = judged(histograms, weights)
    for kind, values in card["metrics"].items():
        learner.log(learner.validating, {f"{kind}/{name}": value for name, value in values.items()})
    score = score_of(card["metrics"])
    learner.log(learner.validating, {"score": score})
    return score, card


def judged(histograms: Histograms, weights: list[float]) -> dict[str, Any]:
    """Metrics, offsets and thresholds.

    `weights` are those of the loss per class: what is known where a class never occurs.
    """
    kinds = ("real", "synthetic")
    metrics = {kind: report(histograms[kind], weights) for kind in kinds}
    return calibrated(histograms, weights) | {"metrics": metrics}


def together(shares: list[Histograms]) -> Histograms:
    """The counts of all processes added up."""
    first, *others = shares
    for share in others:
        first = {
            kind: {name: planes[name] + share[kind][name] for name in planes}
            for kind, planes in first.items()
        }
    return first


@torch.no_grad()
def count(
    network: nn.Module,
    pictures: Sequence[tuple[str, Picture, Picture]],
    device: torch.device,
    show: Callable[[int, bytes], object],
) -> Histograms:
    """Logits by kind of picture and class; `show` gets a few numbered pictures.

    Real pictures that somebody looked through and found nothing on are `sound` as well.
    """
    kinds = ("real", "synthetic", "sound")
    histograms = {kind: {name: LogitHistogram() for name in BITS} for kind in kinds}
    for number, (kind, luma, classes) in enumerate(pictures):
        logits = network(to_tensor([luma], device))[0].float().cpu()
        counted = (classes & IGNORE) == 0
        if kind == "sound":
            counted = inner(counted)
        for plane, (name, bit) in zip(logits.numpy(), BITS.items(), strict=True):
            histograms[kind][name].add(plane, (classes & bit) > 0, counted)
            if kind == "real" and not (classes & DEFECTS).any():
                histograms["sound"][name].add(plane, classes < 0, counted)
        if number % max(1, len(pictures) // 6) == 0:
            show(number, picture_of(luma, classes, logits))
    return histograms


def report(planes: dict[str, LogitHistogram], weights: list[float]) -> dict[str, float | None]:
    """Pooled AUC, average precision and Dice per class; None = undefined.

    Dice at its best threshold, and corrected: at 0.5 once the loss weight is taken back
    (logit p' = logit p + log w), which needs no validation masks.
    """
    values: dict[str, float | None] = {}
    for (name, histogram), weight in zip(planes.items(), weights, strict=True):
        values[f"{name}/auc"] = histogram.roc_auc()
        values[f"{name}/ap"] = histogram.average_precision()
        values[f"{name}/dice"] = histogram.best_dice()[0]
        values[f"{name}/dice_corrected"] = histogram.dice_at(math.log(weight))
    return values


def score_of(metrics: dict[str, dict[str, float | None]]) -> float:
    """Mean best Dice over the classes that occur, on real masks when there are any."""
    for kind in ("real", "synthetic"):
        found = [v for name, v in metrics[kind].items() if name.endswith("/dice") and v is not None]
        if found:
            return float(np.mean(found))
    return 0.0


def calibrated(
    histograms: Histograms, weights: list[float], offset: float | None = None
) -> dict[str, Any]:
    """Offsets and thresholds per class; a class that no human mask shows takes the synthetic.

    Such a class must be right more often than wrong: every wrong mark costs a piece of a sound
    picture, and early networks reach their best Dice by marking half of it. A class that never
    occurs has its loss weight undone and a strict threshold. No class may mark more than `ALARMS`
    of the sound pictures, where some are held out. `offset` 0 where the logits are those of
    calibrated probabilities.
    """
    offsets, thresholds, sources = {}, {}, {}
    for name, weight in zip(BITS, weights, strict=True):
        kind = "real" if histograms["real"][name].both_classes else "synthetic"
        histogram = histograms[kind][name]
        if not histogram.both_classes:
            offsets[name], thresholds[name], sources[name] = math.log(weight), STRICT, "nothing"
            continue
        least = 0.0 if kind == "real" else PRECISION
        alarm = histograms["sound"][name].logit_of_alarms(ALARMS)
        offsets[name] = histogram.offset() if offset is None else offset
        thresholds[name] = histogram.threshold(least, alarm, offsets[name])
        sources[name] = kind
    return {"logit_offset": offsets, "threshold": thresholds, "calibrated_on": sources}


def picture_of(luma: Picture, classes: Picture, logits: Tensor) -> bytes:
    """Input, truth in red, green and blue, probabilities likewise, as one PNG."""
    truth = np.stack([((classes & bit) > 0) * np.uint8(255) for bit in BITS.values()], axis=2)
    found = to_picture(torch.sigmoid(logits))
    return to_png([luma, truth, found])
