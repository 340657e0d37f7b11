"""`python -m training.measuring.ablations FOLDER --out OUT`: what does each choice buy?

Trains short runs of equal length from a plain folder of photos, one choice switched at a time,
over several seeds, and writes OUT/ablations.md with small pictures. Finished runs are kept: the
same line goes on where it was stopped. A tenth of the photos is held out, or what SOURCES.tsv says.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from PIL import Image

from photos.files import write_whole
from training.cli.prepare import items_of
from training.measuring.ablations import measures, pictures, report
from training.measuring.ablations.plan import Length, Trial, recipe_of, trials
from training.measuring.pictures import BadRequest
from training.recipes import STAGES
from training.run_folder import RESUMABLE, Item, RunError, RunFolder, Spec
from training.trainers.__main__ import main as train_in


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return compare(options)
    except (RunError, BadRequest, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.measuring.ablations", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, help="NAME_image.* with NAME_mask.png, measured too")
    parser.add_argument("--features", type=Path, help="VGG weights; without it no perceptual loss")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--images", type=int, default=Length.images, help="crops per run")
    parser.add_argument("--size", type=int, default=Length.size, help="side of a crop, px")
    parser.add_argument("--photos", type=int, default=300, help="at most so many, evenly spread")
    parser.add_argument("--only", action="append", default=[], help="part of a path to keep")
    parser.add_argument(
        "--exclude", action="append", default=["skimage"], help="part of a path to leave"
    )
    parser.add_argument("--threads", type=int, default=1)
    return parser


def compare(options: argparse.Namespace) -> int:
    """Train what is missing, measure, and renew the page after every run."""
    items = _spread(items_of(options.folder, options.exclude, options.only), options.photos)
    held = [Path(item.image) for item in items if item.split == "validation"]
    if not held:
        raise RunError("no photo is held out: give more photos")
    torch.set_num_threads(options.threads)
    material = measures.Material.gather(held, 2 * options.size, options.pairs)
    unlearnt = _rivals(options, material)
    jobs = [
        (trial, seed)
        for seed in range(options.seeds)
        for trial in trials(tuple(options.stages), features=options.features is not None)
    ]
    for number, (trial, seed) in enumerate(jobs, start=1):
        folder = options.out / "runs" / f"{trial.stage}-{trial.name.replace(' ', '_')}-{seed}"
        if not (folder / "result.json").exists():
            code = _run(options, trial, seed, folder, items, material)
            if code:
                return code
        sys.stdout.write(f"{number}/{len(jobs)} {trial.stage}, {trial.name}, seed {seed}\n")
        sys.stdout.flush()
        _write_page(options, unlearnt)
    _write_pictures(options)
    return 0


def _spread(items: list[Item], most: int) -> list[Item]:
    """At most so many training photos, evenly spread; all that are held out."""
    train = [item for item in items if item.split == "train"]
    held = [item for item in items if item.split == "validation"]
    return train[:: max(1, -(-len(train) // most))] + held


def _rivals(
    options: argparse.Namespace, material: measures.Material
) -> dict[str, measures.Results]:
    path = options.out / "rivals.json"
    if not path.exists():
        found = {stage: measures.rivals(stage, material) for stage in options.stages}
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(found, indent=1).encode())
    known: dict[str, measures.Results] = json.loads(path.read_text())
    return known


def _run(
    options: argparse.Namespace,
    trial: Trial,
    seed: int,
    folder: Path,
    items: list[Item],
    material: measures.Material,
) -> int:
    """Train one run, or the rest of it, and measure it; the exit code of a run that stopped."""
    run = RunFolder(folder)
    if not (folder / "spec.json").exists():
        features = str(options.features.resolve()) if options.features else None
        length = Length(images=options.images, size=options.size)
        recipe = recipe_of(trial, length, features)
        run.write(Spec(recipe=recipe, seed=seed, threads=options.threads, detached=True), items)
    started = time.process_time()
    code = train_in([str(folder)])
    if code:
        return code if code == RESUMABLE else 1
    seconds = time.process_time() - started
    figures = measures.measured(trial.stage, run.best, material)
    outcome = report.Outcome(trial.stage, trial.name, seed, round(seconds, 1), figures)
    write_whole(folder / "result.json", json.dumps(asdict(outcome), indent=1).encode())
    run.resume.unlink(missing_ok=True)
    return 0


def _write_page(options: argparse.Namespace, unlearnt: dict[str, measures.Results]) -> None:
    note = (
        f"Every run sees {options.images} crops of {options.size} px; ± is the standard deviation "
        "over the seeds; seconds are CPU time of training. A difference is seed by seed."
    )
    text = report.page(report.read(options.out), unlearnt, note)
    write_whole(options.out / "ablations.md", text.encode())


def _write_pictures(options: argparse.Namespace) -> None:
    """OUT/STAGE.jpg: the first seed's answers on a free photo."""
    for stage in options.stages:
        weights = {
            trial.name: options.out / "runs" / f"{stage}-{trial.name.replace(' ', '_')}-0"
            for trial in trials((stage,), features=options.features is not None)
        }
        sheet = pictures.strip(stage, {n: RunFolder(p).best for n, p in weights.items()})
        Image.fromarray(sheet).save(options.out / f"{stage}.jpg", quality=82)


if __name__ == "__main__":
    sys.exit(main())
