"""`python -m training.loops.calibrate RUNDIR`: fit offsets and thresholds again, nothing else.

The folder's held-out items decide: with human masks of one collection among them, the card's
thresholds become that collection's. Thresholds do not transfer between collections, nor from one
look to the mean of several, which has cuts of its own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from training.imaging.looks import LOOKS
from training.loops import segmentation
from training.loops.data import split_pools, to_picture
from training.loops.run_folder import RunError, RunFolder
from training.networks import weights
from training.networks.inference import Detector
from training.recipes import SegmentationRecipe

REPEATS = 3


def calibrate(run: RunFolder) -> weights.Card:
    """Measure best.safetensors on the held-out items and rewrite its card; returns the card."""
    recipe = run.spec().recipe
    if not isinstance(recipe, SegmentationRecipe):
        raise RunError("only segmentation networks have thresholds")
    network, card = weights.load(run.best)
    _, held = split_pools(run)
    pictures = segmentation.validation_set(held, recipe, REPEATS)
    weight = card.get("positive_weight", [1.0] * len(segmentation.BITS))
    device = torch.device("cpu")
    histograms = segmentation.count(network, pictures, device, lambda *_: None)
    card |= segmentation.judged(histograms, weight)
    offsets = tuple(card["logit_offset"][name] for name in segmentation.BITS)
    several = SeveralLooks(Detector(network, offsets, (), LOOKS))
    histograms = segmentation.count(several, pictures, device, lambda *_: None)
    card["looks_threshold"] = segmentation.calibrated(histograms, weight, offset=0.0)["threshold"]
    weights.save(run.best, network, card, dtype=torch.float32)
    return card


class SeveralLooks(nn.Module):
    """Luma 1 x 1 x H x W in 0..1 to the logits 1 x K x H x W of the looks' mean probability."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, luma: Tensor) -> Tensor:
        found = torch.from_numpy(self.detector(to_picture(luma[0, 0])))
        return torch.logit(found, eps=1e-6).permute(2, 0, 1)[None]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.loops.calibrate", description=__doc__)
    parser.add_argument("rundir", type=Path)
    try:
        card = calibrate(RunFolder(parser.parse_args(arguments).rundir))
    except (RunError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name, threshold in card["threshold"].items():
        offset, source = card["logit_offset"][name], card["calibrated_on"][name]
        sys.stdout.write(f"{name}: offset {offset:.2f}, threshold {threshold:.3f} ({source})\n")
        sys.stdout.write(f"  several looks: threshold {card['looks_threshold'][name]:.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
