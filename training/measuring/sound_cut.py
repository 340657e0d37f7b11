"""`python -m training.measuring.sound_cut FILE PHOTOS [--careful]`: a finder's cut.

Rewrites the thresholds of a weight file, for one look and for several: .3 % of the sound pictures
that PHOTOS holds out is marked with them. PHOTOS has photos/ or prints_sound/, and a SOURCES.tsv.
With --careful only the cut of several looks is set, that of one look stays to the last digit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file

from training.imaging.adaptive_cut import FIXED, KEY, MOST, CutRule
from training.imaging.thresholds import CLASSES, cuts_of, shifted
from training.imaging.tta import LOOKS
from training.measuring.evaluate import marker_of
from training.measuring.pictures import BadRequest, find_pictures, read_rgb
from training.measuring.probing import PRINTS, SCENES, Material, sound_pictures
from training.networks import weights
from training.networks.onnx.detector import OnnxDetector
from training.probes.marker import Bytes
from training.probes.sound import cut_at, run_sound

SPLIT = "val"
CUTS = (("threshold", ()), ("looks_threshold", LOOKS))


def cut_at_sound(
    file: Path, photos: Path, gives_way: float | None = None, *, careful: bool = False
) -> weights.Card:
    """Rewrites a weight file's thresholds, for one look and for several; returns its card.

    At most `sound.ALLOWED` of the pixels of the sound pictures that `photos` holds out is marked
    with them, where the cut gives way by up to `gives_way` logits (None: as the card has it).
    With `careful` the cut of one look stays. Raises ValueError or OSError with a sentence.
    """
    if gives_way is not None and not 0 <= gives_way <= MOST:
        raise ValueError(f"--gives-way must be 0 to {MOST:g} logits.")
    pictures = held_out(photos)
    network, card = weights.load(file)
    card = card | {"sound_pictures": len(pictures)}
    if gives_way is not None:
        card[KEY] = gives_way
    for name, looks in CUTS[1 if careful else 0 :]:
        detector = replace(OnnxDetector.load(file, looks=looks), rule=FIXED)
        cut = cut_at(run_sound(marker_of(detector), pictures), rule=CutRule.of(card))
        before = zip(CLASSES, cuts_of(card, bool(looks)), strict=True)
        card[name] = {kind: shifted(value, cut) for kind, value in before}
    weights.save(file, network, card, dtype=stored_dtype(file))
    return card


def stored_dtype(file: Path) -> torch.dtype:
    """Of the weights as they lie in the file: a network is opened in float32 always."""
    kinds = {tensor.dtype for tensor in load_file(file).values() if tensor.is_floating_point()}
    return torch.float16 if kinds == {torch.float16} else torch.float32


def held_out(photos: Path) -> list[Bytes]:
    """The sound scenes and prints of `SPLIT`, luma of at most 768 px."""
    folders = [photos / name for name in (SCENES, PRINTS) if (photos / name).is_dir()]
    if not folders:
        raise ValueError(f"{photos} has neither {SCENES}/ nor {PRINTS}/.")
    paths = [p for each in folders for p in find_pictures(each, "segmentation", SPLIT, plain=True)]
    return [one.luma for one in sound_pictures(Material(paths, photos, SPLIT, read_rgb))]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.sound_cut", description=__doc__
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument(
        "--gives-way", type=float, help="logits, 0 to 3; as the card has it, if left out"
    )
    parser.add_argument("--careful", action="store_true", help="the cut of several looks alone")
    options = parser.parse_args(arguments)
    try:
        card = cut_at_sound(
            options.file, options.photos, options.gives_way, careful=options.careful
        )
    except (BadRequest, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name, _ in CUTS:
        cuts = ", ".join(f"{kind} {cut:.3f}" for kind, cut in card[name].items())
        sys.stdout.write(f"{name}: {cuts} ({card['sound_pictures']} sound pictures)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
