"""`python -m training.cli.blend_weights FIRST SECOND SHARE FILE`: a mean of two networks' weights.

SHARE is that of SECOND, 0 to 1. Of one origin, such as a run and the weights it went on from: their
means are networks too, and often better ones (Wortsman et al. 2022, arXiv:2109.01903).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from training.networks import weights

OF_ONE = ("metrics", "score", "tables", "threshold", "logit_offset", "calibrated_on")


def blend(first: Path, second: Path, share: float, target: Path) -> weights.Card:
    """Writes (1 - share) of `first` and `share` of `second` to `target` as float16.

    The card is the second's, with data and credits of both and without what was measured of one
    alone. Raises ValueError where the networks are not of one build or the share is none.
    """
    if not 0 <= share <= 1:
        raise ValueError("the share must lie between 0 and 1")
    (one, its), (other, card) = (weights.load(path) for path in (first, second))
    if any(its.get(key) != card.get(key) for key in ("stage", "network", "arguments")):
        raise ValueError(f"{first} and {second} are networks of different builds")
    begun = {name: value.clone() for name, value in one.state_dict().items()}
    other.load_state_dict(
        {
            name: torch.lerp(begun[name], value, share) if value.is_floating_point() else value
            for name, value in other.state_dict().items()
        }
    )
    card = {name: value for name, value in card.items() if name not in OF_ONE}
    for name in ("credits", "data", "licences"):
        if joined := {*its.get(name, ()), *card.get(name, ())}:
            card[name] = sorted(joined)
    card["blended_with"] = {"images_seen": its.get("images_seen"), "share": 1 - share}
    weights.save(target, other, card)
    return card


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.cli.blend_weights", description=__doc__
    )
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("share", type=float)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        blend(options.first, options.second, options.share, options.file)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.file}: {options.share:g} of {options.second}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
