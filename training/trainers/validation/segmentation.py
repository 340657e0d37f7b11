"""What a segmentation network is judged on, and the thresholds that this gives its card."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from photos.masks.classes import BITS, DEFECTS, IGNORE
from training.imaging.border import inner
from training.imaging.tta import LOOKS
from training.networks.calibration import LogitHistogram
from training.networks.inference import Detector
from training.trainers.data import Picture, to_picture, to_png, to_tensor
from training.trainers.early_exit import Stopped, Stopper

STRICT = 0.9  # threshold of a class that validation never saw
PRECISION = 0.5  # least precision of classes that only synthetic damage calibrates
ALARMS = 0.003  # of sound pictures, that may be marked: mending what is whole spoils it
DAMAGE = "damage"  # of any class: its cut decides, the classes only name it
Pictures = Sequence[tuple[str, Picture, Picture]]
Histograms = dict[str, dict[str, LogitHistogram]]


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
    pictures: Pictures,
    device: torch.device,
    show: Callable[[int, bytes], object],
) -> Histograms:
    """Logits by kind of picture and class; `show` gets a few numbered pictures.

    Real pictures that somebody looked through and found nothing on are `sound` as well.
    """
    kinds = ("real", "synthetic", "sound")
    histograms = {kind: {name: LogitHistogram() for name in (*BITS, DAMAGE)} for kind in kinds}
    for number, (kind, luma, classes) in enumerate(pictures):
        logits = network(to_tensor([luma], device))[0].float().cpu()
        counted = (classes & IGNORE) == 0
        if kind == "sound":
            counted = inner(counted)
        planes = [*logits.numpy(), logits.numpy().max(axis=0)]
        bits = {**BITS, DAMAGE: DEFECTS}
        for plane, (name, bit) in zip(planes, bits.items(), strict=True):
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
    for (name, histogram), weight in zip(planes.items(), [*weights, weights[0]], strict=True):
        values[f"{name}/auc"] = histogram.roc_auc()
        values[f"{name}/ap"] = histogram.average_precision()
        values[f"{name}/dice"] = histogram.best_dice()[0]
        values[f"{name}/dice_corrected"] = histogram.dice_at(math.log(weight))
    return values


def score_of(metrics: dict[str, dict[str, float | None]]) -> float:
    """Best Dice of damage of any class, on real masks when there are any."""
    for kind in ("real", "synthetic"):
        if (dice := metrics[kind].get(f"{DAMAGE}/dice")) is not None:
            return float(dice)
    return 0.0


def calibrated(
    histograms: Histograms, weights: list[float], offset: float | None = None
) -> dict[str, Any]:
    """One offset and one threshold for damage of any class, given to every class.

    From human masks, or synthetic ones where there are none; those must be right more often
    than wrong: every wrong mark costs a piece of a sound picture, and early networks reach their
    best Dice by marking half of it. Where nothing is damaged the loss weight is undone and the
    threshold strict. At most `ALARMS` of the sound pictures may be marked, where some are held
    out. `offset` 0 where the logits are those of calibrated probabilities.
    """
    kind = "real" if histograms["real"][DAMAGE].both_classes else "synthetic"
    histogram = histograms[kind][DAMAGE]
    if histogram.both_classes:
        least = 0.0 if kind == "real" else PRECISION
        alarm = histograms["sound"][DAMAGE].logit_of_alarms(ALARMS)
        shift = histogram.offset() if offset is None else offset
        cut, source = histogram.threshold(least, alarm, shift), kind
    else:
        shift, cut, source = math.log(weights[0]), STRICT, "nothing"
    return {
        "logit_offset": dict.fromkeys(BITS, shift),
        "threshold": dict.fromkeys(BITS, cut),
        "calibrated_on": dict.fromkeys(BITS, source),
        "one_cut": True,
    }


def picture_of(luma: Picture, classes: Picture, logits: Tensor) -> bytes:
    """Input, truth in red, green and blue, probabilities likewise, as one PNG.

    `luma` and `classes` are H x W uint8, `logits` 3 x H x W.
    """
    truth = np.stack([((classes & bit) > 0) * np.uint8(255) for bit in BITS.values()], axis=2)
    found = to_picture(torch.sigmoid(logits))
    return to_png([luma, truth, found])


class SeveralLooks(nn.Module):
    """Luma 1 x 1 x H x W in 0..1 to the logits 1 x K x H x W of the looks' mean probability."""

    def __init__(self, detector: Detector, stopper: Stopper) -> None:
        super().__init__()
        self.detector, self.stopper = detector, stopper

    def forward(self, luma: Tensor) -> Tensor:
        """1 x 1 x H x W floats 0..1 to logits 1 x C x H x W. Raises Stopped if asked to end."""
        if self.stopper.asked:
            raise Stopped
        found = torch.from_numpy(self.detector(to_picture(luma[0, 0])))
        return torch.logit(found, eps=1e-6).permute(2, 0, 1)[None]


def with_looks(
    network: nn.Module, card: dict[str, Any], pictures: Pictures, stopper: Stopper
) -> dict[str, Any]:
    """The card with thresholds for the mean of several looks: those of one do not fit it.

    Takes as long as half a dozen validations. Raises Stopped when asked to end.
    """
    offsets = tuple(card["logit_offset"][name] for name in BITS)
    several = SeveralLooks(Detector(network, offsets, (), LOOKS), stopper)
    histograms = count(several, pictures, torch.device("cpu"), lambda *_: None)
    found = calibrated(histograms, card["positive_weight"], offset=0.0)
    return card | {"looks_threshold": found["threshold"]}
