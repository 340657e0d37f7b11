"""`python -m training.cli.blend_weights FILE OTHER TARGET [--share .5]`: between two networks.

Weights that grew from each other average well, and the average keeps what the older one found of
small things while it gains what the younger one learnt of wide ones (Wortsman et al. 2022,
arXiv:2203.05482). The card is FILE's, with data and credits of both and what both had seen, without
what was measured of one alone; a finder's cut has to be set anew by training.measuring.sound_cut.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from photos.files import sha256
from training.networks import weights

OF_ONE = ("metrics", "score", "tables")
OF_BOTH = ("credits", "data", "licences")
SAME = ("stage", "network", "arguments")  # what two files must agree on


def blend(file: Path, other: Path, target: Path, share: float = 0.5) -> weights.Card:
    """Write `share` of `file` and the rest of `other` as float16; returns the card.

    Raises ValueError where the networks differ or `share` is not within 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError("--share must be 0 to 1.")
    network, card = weights.load(file)
    second, theirs = weights.load(other)
    if different := [key for key in SAME if card.get(key) != theirs.get(key)]:
        raise ValueError(f"The files differ in {', '.join(different)}: nothing to average.")
    rest = second.state_dict()
    mixed = {
        name: torch.lerp(rest[name].to(value), value, share) if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(mixed)
    card = {name: value for name, value in card.items() if name not in OF_ONE}
    for name in OF_BOTH:
        if joined := {*theirs.get(name, ()), *card.get(name, ())}:
            card[name] = sorted(joined)
    card["blended"] = [*_seen(card), *_seen(theirs)]
    card["blend_of"] = {sha256(file): share, sha256(other): round(1 - share, 6)}
    target.parent.mkdir(parents=True, exist_ok=True)
    weights.save(target, network, card)
    return card


def _seen(card: weights.Card) -> list[int]:
    """Images a file had seen, or those of what it was itself blended of."""
    seen: list[int] = card.get("blended", [card.get("images_seen", 0)])
    return seen


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.cli.blend_weights", description=__doc__
    )
    for name in ("file", "other", "target"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of FILE in the average")
    options = parser.parse_args(arguments)
    try:
        card = blend(options.file, options.other, options.target, options.share)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seen = ", ".join(f"{images:,}" for images in card["blended"])
    sys.stdout.write(f"{options.target}: between networks of {seen} images\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
