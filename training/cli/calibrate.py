"""`python -m training.cli.calibrate RUNDIR`: fit offsets and thresholds again, nothing else.

The folder's held-out items decide: with human masks of one collection among them, the card's
thresholds become that collection's. Thresholds do not transfer between collections, nor from one
look to the mean of several, which has cuts of its own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from photos.masks.classes import BITS
from training.networks import weights
from training.recipes import SegmentationRecipe
from training.run_folder import RunError, RunFolder
from training.trainers import segmentation
from training.trainers.data import split_pools
from training.trainers.early_exit import Stopper
from training.trainers.validation import segmentation as validation

REPEATS = 3


def calibrate(run: RunFolder) -> weights.Card:
    """Measure best.safetensors on the held-out items and rewrite its card; returns the card."""
    recipe = run.spec().recipe
    if not isinstance(recipe, SegmentationRecipe):
        raise RunError("only segmentation networks have thresholds")
    network, card = weights.load(run.best)
    _, held = split_pools(run)
    pictures = segmentation.validation_set(held, recipe, REPEATS)
    card.setdefault("positive_weight", [1.0] * len(BITS))
    histograms = validation.count(network, pictures, torch.device("cpu"), lambda *_: None)
    card |= validation.judged(histograms, card["positive_weight"])
    card = validation.with_looks(network, card, pictures, Stopper())
    weights.save(run.best, network, card, dtype=torch.float32)
    return card


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.cli.calibrate", description=__doc__)
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
