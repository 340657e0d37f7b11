"""`python -m training.cli.prepare FOLDER RUNDIR --stage S --recipe lite`: photos to a run.

Where FOLDER holds SOURCES.tsv (file, split, licence, source, note), split and licence come from
there; of split test nothing is taken, of split train nothing without a stated licence (what is held
out trains nothing and ships nowhere), and it is said how many were left out.
Else a tenth of the photos is held out, in whole groups. `--labels PAIRS` adds photos with masks, as
`python -m training.labels.shipped_labels` or `training.measuring.hard_negatives` writes them. Parts
of paths are looked for in / and the path below FOLDER; labels are all taken, and of those parts
--weight alone looks at them, with their folder's name before the path.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path, PurePosixPath
from typing import Any

from config.words.wall import in_words
from photos.files import sha256
from training.labels.shipped_labels import read_manifest
from training.labels.source_table import chosen, has_licence, read_table, why_left_out
from training.recipes import (
    STAGES,
    Recipe,
    RecipeError,
    changed,
    is_there,
    lacking,
    preset,
    rounding,
)
from training.recipes.changes import with_changes
from training.run_folder import Item, RunError, RunFolder, Spec
from training.splitting import held_out, smallest_digests

HELD_OUT = 0.1  # of the photos, where no table splits them
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True)
class Found:
    """A photo of a folder, and the path whose parts --only, --weight and the others name.

    What lies above the folder is nobody's choice: below /home/me/photos/ all would be `photos/`.
    """

    item: Item
    name: str
    """The path below the folder, as /photos/a.jpg; of labels the folder's name stands before it."""
    labels: str = ""
    """Of labels, their folder as it was typed."""
    may_train: bool = True
    """False where a table states no licence: such a photo stays held out."""

    def holds(self, part: str) -> bool:
        """Whether `part` is in the name, or is the beginning of a label's path as it was typed."""
        below = part.removeprefix(self.labels)
        return part in self.name or (
            below != part and self.name[self.name.index("/", 1) :].startswith(below)
        )


def items_of(folder: Path, exclude: Iterable[str] = (), only: Iterable[str] = ()) -> list[Item]:
    """The items of all that `photos_of` finds."""
    return [found.item for found in photos_of(folder, exclude, only)]


def photos_of(folder: Path, exclude: Iterable[str] = (), only: Iterable[str] = ()) -> list[Found]:
    """Every usable photo below `folder`; `exclude` and `only` are parts of what `Found` names."""
    table = folder / "SOURCES.tsv"
    photos = _from_table(table) if table.exists() else _from_files(folder)
    exclude, only = list(exclude), list(only)
    kept = [photo for photo in photos if chosen(photo.name, photo.item.source, exclude, only)]
    if not kept:
        raise RunError(f"no usable photo below {folder}")
    return kept


def _from_table(table: Path) -> list[Found]:
    folder = table.parent
    photos = []
    for row in read_table(table):
        path = folder / row["file"]
        if path.suffix.lower() in PICTURES and not why_left_out(row):
            source = row["source"] + (f", {row['note']}" if "author" in row["note"] else "")
            mask, licence = row.get("mask") or "", row["licence"].strip()
            item = _item(path, row["file"], row["split"], licence, source, mask)
            photos.append(Found(item, _below(row["file"]), may_train=has_licence(row)))
    return photos


def _below(name: str) -> str:
    """A path below the folder as parts know it, which may begin with a slash or not."""
    return str(PurePosixPath("/", name))


def left_out(folder: Path, exclude: Iterable[str] = (), only: Iterable[str] = ()) -> Counter[str]:
    """How many of the photos asked for in one folder a run does not get, by reason."""
    table = folder / "SOURCES.tsv"
    rows = read_table(table) if table.exists() else []
    exclude, only = list(exclude), list(only)
    photos = [row for row in rows if Path(row["file"]).suffix.lower() in PICTURES]
    asked = [row for row in photos if chosen(_below(row["file"]), row["source"], exclude, only)]
    reasons = Counter(why_left_out(row) for row in asked)
    del reasons[""]
    return reasons


def _from_files(folder: Path) -> list[Found]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    names = [path.relative_to(folder).as_posix() for path in paths]
    held = held_out(map(group_of, names), share=HELD_OUT, seed=0)
    splits = ("validation" if group_of(name) in held else "train" for name in names)
    return [
        Found(_item(path, name, split, "", ""), _below(name))
        for path, name, split in zip(paths, names, splits, strict=True)
    ]


def _item(path: Path, name: str, split: str, licence: str, source: str, mask: str = "") -> Item:
    """`mask` names a PNG of class bits beside the photo."""
    masked = path.with_name(mask) if mask else None
    return Item(
        image=str(path.resolve()),
        image_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        mask=str(masked.resolve()) if masked else None,
        mask_sha256=hashlib.sha256(masked.read_bytes()).hexdigest() if masked else "",
        split="validation" if split == "validation" else "train",
        group=group_of(name),
        licence=licence,
        source=source or name,
    )


def group_of(name: str) -> str:
    """Tiles of one original (`_t2`, `_tile3`, `_2`) share a group and so a split."""
    return re.sub(r"(_t|_tile|_copy|_crop)\d+$", "", name.rsplit(".", 1)[0])


def with_labels(photos: list[Found], folders: Sequence[Path]) -> list[Found]:
    """The photos and those of the pairs; one that is labelled is no other photo as well."""
    if not folders:
        return photos
    taken = {label.sha256 for label in read_manifest()}
    unlabelled = [photo for photo in photos if photo.item.image_sha256 not in taken]
    return unlabelled + [photo for folder in folders for photo in _labels_of(folder)]


def _labels_of(folder: Path) -> list[Found]:
    """Of several folders each is known by its own name: /PAIRS/a_image.png."""
    own, typed = folder.resolve().name, str(folder)
    photos = photos_of(folder)
    return [replace(photo, name=f"/{own}{photo.name}", labels=typed) for photo in photos]


def weighed(photos: list[Found], rules: Iterable[str]) -> list[Found]:
    """Each photo drawn as often as the last rule `PART=WEIGHT` says whose PART its name holds."""
    for rule in rules:
        part, _, text = rule.rpartition("=")
        try:
            weight = float(text)
        except ValueError:
            weight = 0.0
        if not part or not weight > 0:
            raise RunError(f"--weight {rule}: want PART=WEIGHT with a weight above 0")
        photos = [_with(one, weight=weight) if one.holds(part) else one for one in photos]
    return photos


def _with(photo: Found, **changes: Any) -> Found:
    return replace(photo, item=replace(photo.item, **changes))


def holding_out(photos: list[Found], rules: Iterable[str]) -> list[Found]:
    """`PART=COUNT`: of the photos whose name holds PART, so many are held out for good.

    Those with the smallest SHA-256, whatever split the table gives them, so that the choice is
    nobody's and stays the same when photos are added elsewhere. What may not train is held out
    besides and counts for nothing.
    """
    for rule in rules:
        part, _, text = rule.rpartition("=")
        if not part or not text.isdecimal():
            raise RunError(f"--hold-out {rule}: want PART=COUNT with a whole number")
        photos = _held(photos, part, int(text))
    return photos


def _held(photos: list[Found], part: str, count: int) -> list[Found]:
    asked = [photo.may_train and photo.holds(part) for photo in photos]
    held = smallest_digests((one.item.image_sha256 for one in compress(photos, asked)), count)
    return [
        _with(one, split="validation" if one.item.image_sha256 in held else "train")
        if among
        else one
        for one, among in zip(photos, asked, strict=True)
    ]


def started_from(recipe: Recipe, parent: Path | None) -> Recipe:
    """The recipe without an encoder that it only names: whoever has a parent needs none."""
    if parent is None or is_there(recipe, "encoder"):
        return recipe
    return changed(recipe, encoder=None)


def parent_in(rundir: Path, file: Path | None) -> dict[str, str] | None:
    """The weights to start from, copied into the run folder, as its spec names them."""
    if file is None:
        return None
    target = rundir / "parent.safetensors"
    rundir.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.read_bytes())
    return {"path": target.name, "sha256": sha256(target)}


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        recipe = with_changes(preset(options.stage, options.recipe), options.set)
        names = ("images", "encoder", "features")
        asked = {key: getattr(options, key) for key in names if getattr(options, key)}
        recipe = started_from(changed(recipe, **asked), options.parent)
        photos = photos_of(options.folder, options.exclude, options.only)
        photos = holding_out(photos, options.hold_out)
        photos = weighed(with_labels(photos, options.labels), options.weight)
        items = [photo.item for photo in photos]
        parent = parent_in(options.rundir, options.parent)
        spec = Spec(
            recipe=recipe,
            seed=options.seed,
            threads=options.threads,
            parent=parent,
            detached=True,
            device=options.device,
            workers=options.workers,
            unpack=options.unpack,
            tuned=options.tuned,
        )
        RunFolder(options.rundir).write(spec, items)
    except (RunError, RecipeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for said in [*lacking(recipe), rounding(recipe, options.processes)]:
        if said:
            sys.stdout.write(f"{in_words(said)}\n")
    training = sum(item.split == "train" for item in items)
    sys.stdout.write(f"{options.rundir}: {training} training, {len(items) - training} held out\n")
    reasons = left_out(options.folder, options.exclude, options.only)
    if reasons := sum(map(left_out, options.labels), reasons):
        words = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        sys.stdout.write(f"Left out: {words}\n")
    return 0


def _many(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.cli.prepare", description=__doc__)
    many: dict[str, Any] = {"action": "append", "default": []}
    parser.add_argument("folder", type=Path)
    parser.add_argument("rundir", type=Path)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--recipe", default="lite")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--workers", type=int, default=0, help="processes that draw samples")
    parser.add_argument("--unpack", action="store_true", help="decode pictures once, to disk")
    parser.add_argument("--tuned", action="store_true", help="on cards: compile, pick algorithms")
    parser.add_argument("--processes", type=_many, default=1, help="say what so many would share")
    parser.add_argument("--images", type=int, help="see so many crops instead of the recipe's")
    parser.add_argument("--encoder", help="file of encoder weights, or 'package'")
    parser.add_argument("--features", help="file of VGG features, for the recipe's losses on them")
    parser.add_argument("--parent", type=Path, help="weights file to go on from")
    parser.add_argument("--set", **many, metavar="FIELD=VALUE", help="another choice of the recipe")
    parser.add_argument("--only", **many, help="part of a path to keep")
    parser.add_argument("--exclude", **many, help="part of a path to leave")
    parser.add_argument("--labels", type=Path, **many, metavar="PAIRS", help="with masks")
    parser.add_argument("--hold-out", **many, metavar="PART=COUNT", help="by digest, for good")
    parser.add_argument("--weight", **many, metavar="PART=WEIGHT", help="draw these so often")
    return parser


if __name__ == "__main__":
    sys.exit(main())
