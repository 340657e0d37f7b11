"""`python -m training.measuring.second_look PHOTOS FOLDER FILE --weights FINDER [--encoder E]`.

Makes the network that looks a second time at what the finder marks, as ONNX. PHOTOS are sound
photographs with a SOURCES.tsv, and the photographs of the masks that ship. FOLDER keeps what was
gathered: with the same command the work goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from training.cli.prepare import items_of
from training.labels.shipped_labels import pairs
from training.measuring.evaluate import marker_of
from training.measuring.second_look.fitting import (
    LOSS,
    Floats,
    cut_at_loss,
    described,
    judged,
    taught,
    weights,
)
from training.measuring.second_look.gathering import (
    Gathered,
    of_held_out,
    of_label,
    of_sound,
    seed_of,
)
from training.measuring.second_look.network import FEATURES, Encoder, SecondLook, exported
from training.networks.onnx.detector import OnnxDetector
from training.probes.marker import Marker
from training.run_folder import RunError
from training.trainers.encoders import PACKAGE, package_file

HELD_OUT = "held"
Task = tuple[str, Callable[[], Gathered]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.second_look", description=__doc__
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--encoder", default=PACKAGE, help="EfficientNet-Lite0's ImageNet weights")
    parser.add_argument("--only", action="append", default=[], help="part of a path to keep")
    parser.add_argument("--exclude", action="append", default=[], help="part of a path to leave")
    parser.add_argument("--most", type=int, default=250, help="photographs of one folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), metavar=("K", "N"),
                        help="gather the K-th of N parts alone and stop")  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        gather(options)
        if options.part[1] == 1:
            sys.stdout.write(made(options))
    except (RunError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def gather(options: argparse.Namespace) -> None:
    """Looks at every photograph that FOLDER has no file of."""
    options.folder.mkdir(parents=True, exist_ok=True)
    marker = marker_of(OnnxDetector.load(options.weights))
    part, parts = options.part
    for number, (name, look) in enumerate(_tasks(options, marker)):
        path = options.folder / f"{name}.npz"
        if number % parts == part and not path.is_file():
            look().save(path)


def _tasks(options: argparse.Namespace, marker: Marker) -> Iterator[Task]:
    """Painted photographs of train and validation, then sound ones in the order of a digest."""
    for label, photo, classes in pairs(options.photos):
        if label.split == "train":
            yield _name(label.name), partial(of_label, marker, label, photo, classes)
        elif label.split == "validation":
            yield f"{HELD_OUT}__{label.name}", partial(of_held_out, marker, photo, classes)
    taken: Counter[str] = Counter()
    items = items_of(options.photos, options.exclude, options.only)
    names = {Path(item.image): item for item in items if item.split == "train"}
    for path in sorted(names, key=lambda path: seed_of(path.name)):
        taken[path.parent.name] += 1
        if taken[path.parent.name] <= options.most:
            name = f"{path.parent.name}_{path.stem}"
            yield f"sound__{name}", partial(of_sound, marker, path, name)


def _name(label: str) -> str:
    kind = label.split("_")[0]
    return f"{kind if kind in ('print', 'looked') else 'plate'}__{label}"


def made(options: argparse.Namespace) -> str:
    """Teaches, cuts and exports; a sentence with the figures."""
    path = package_file() if options.encoder == PACKAGE else Path(options.encoder)
    torch.set_num_threads(1)
    encoder = Encoder(path)
    seen: dict[str, list[Floats]] = {"train": [], HELD_OUT: []}
    parts: dict[str, list[tuple[str, Gathered]]] = {"train": [], HELD_OUT: []}
    for file in sorted(options.folder.glob("*.npz")):
        kind, one = file.name.split("__")[0], Gathered.load(file)
        if len(one.damage):
            side = HELD_OUT if kind == HELD_OUT else "train"
            seen[side].append(_kept(encoder, one, file))
            parts[side].append((kind, one))
    if not all(parts.values()):
        raise ValueError("There is nothing gathered to learn from and to cut by.")
    known = Gathered.joined([one for _, one in parts["train"]])
    kinds = [kind for kind, one in parts["train"] for _ in one.damage]
    weight = weights(known.damage, known.areas, kinds)
    head = taught(np.concatenate(seen["train"]), known.damage, weight, options.seed)
    held = Gathered.joined([one for _, one in parts[HELD_OUT]])
    logits = judged(head, np.concatenate(seen[HELD_OUT]))
    head.cut.fill_(cut_at_loss(logits, held.damage * held.areas))
    exported(SecondLook(encoder, head), options.file)
    sound = float((logits[held.damage < 0.5] < head.cut.item()).mean())
    return (
        f"{options.file}: {len(kinds)} components of {len(parts['train'])} photographs; at "
        f"{LOSS:.0%} of the held-out damage {sound:.2f} of what else is marked there is doubted.\n"
    )


def _kept(encoder: Encoder, one: Gathered, file: Path) -> Floats:
    """What is `described`, kept beside what was gathered: it is the slow half."""
    path = file.with_suffix(f".{FEATURES}.npy")  # another encoder's are no use
    if not path.is_file():
        np.save(path, described(encoder, one))
    return np.asarray(np.load(path), np.float32)


if __name__ == "__main__":
    sys.exit(main())
