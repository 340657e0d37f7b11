"""`python -m tests.benchmarks.feeding`: how fast crops of large scans reach a card.

Crops a second of each core for crops of 256, 512 and 1024 px, by one and two worker processes, from
scans as PNG and unpacked. Then a card that is none: its step takes batch / (0.8 x the workers' rate
just measured) and does nothing else; the share of its time that it waits for crops is what counts.
Rates hold for an otherwise idle machine; waiting is measured against the rate of the same sitting.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image

from training.recipes import changed, preset
from training.run_folder import Item, RunFolder, Spec
from training.trainers.data import split_pools
from training.trainers.feeding.unpacked import unpack
from training.trainers.feeding.workers import Workers
from training.trainers.segmentation import Crops

SIZES, WORKERS = (256, 512, 1024), (1, 2)
MEGAPIXELS, SCANS = 20, 3
CARD_SHARE = 0.8  # of the workers' rate that the pretended card asks for


def scan(path: Path, seed: int, megapixels: float) -> tuple[int, int]:
    """A grainy plate as a PNG, and a mask with a crack and a hole beside it."""
    rng = np.random.default_rng(seed)
    height = round((megapixels * 1e6 / 1.4) ** 0.5)
    width = round(1.4 * height)
    tone = cv2.resize(rng.uniform(40, 210, (24, 32)).astype(np.float32), (width, height))
    grain = rng.normal(0, 6, (height, width)).astype(np.float32)
    grey = np.clip(tone + grain, 0, 255).astype(np.uint8)
    Image.fromarray(np.repeat(grey[..., None], 3, 2)).save(path, compress_level=1)
    mask = np.zeros((height, width), np.uint8)
    points = np.cumsum(rng.normal(0, 40, (80, 2)), 0) + np.array([width / 2, height / 2])
    cv2.polylines(mask, [points.astype(np.int32)], False, 1, 9)
    cv2.circle(mask, (width // 3, height // 3), height // 20, 4, -1)
    Image.fromarray(mask).save(path.with_suffix(".mask.png"))
    return height, width


def plates(folder: Path, megapixels: float = MEGAPIXELS, scans: int = SCANS) -> RunFolder:
    """A run of the article's finder on painted scans alone."""
    items = []
    for number in range(scans):
        scan(folder / f"{number}.png", number, megapixels)
        items.append(Item(image=f"{number}.png", mask=f"{number}.mask.png"))
    recipe = changed(
        preset("segmentation", "article"), human_mask_fraction=1.0, human_mask_start=0.0
    )
    run = RunFolder(folder)
    run.write(Spec(recipe=recipe, unpack=True), items)
    return run


def rate(crops: Crops, size: int, workers: int, batch: int, seconds: float) -> tuple[float, float]:
    """(crops a wall second, crops a second of a core) once every worker has drawn its first."""
    numbers = ([start + k for k in range(batch)] for start in range(0, 1 << 30, batch))
    drawn = 0
    with Workers(lambda n: crops.sample(n, size), numbers, workers) as feed:
        taken = ([start + k for k in range(batch)] for start in range(0, 1 << 30, batch))
        ahead = feed.loader.prefetch_factor  # what was drawn in advance is gone then
        for part in islice(taken, (ahead + 1) * workers):
            feed.take(part)
        begun, before = time.perf_counter(), cpu_of(feed)
        for part in taken:
            drawn += len(feed.take(part))
            if time.perf_counter() - begun > seconds:
                break
        wall, used = time.perf_counter() - begun, cpu_of(feed) - before
    return drawn / wall, drawn / max(used, 1e-9)


def cpu_of(feed: Any) -> float:
    """Processor seconds of the workers so far (Linux)."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for worker in feed.coming._workers:
        fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


def waiting(
    crops: Crops, size: int, workers: int, batch: int, per_second: float, seconds: float
) -> float:
    """Share of its time that a card waits whose step takes batch / (0.8 x per_second) seconds."""
    step = batch / (CARD_SHARE * per_second)
    parts = [
        [s + k for k in range(batch)] for s in range(0, batch * (6 + int(seconds / step)), batch)
    ]
    waited = 0.0
    with Workers(lambda n: crops.sample(n, size), iter(parts), workers) as feed:
        for part in parts[:2]:
            feed.take(part)
            time.sleep(step)
        begun = time.perf_counter()
        for part in parts[2:]:
            asked = time.perf_counter()
            feed.take(part)
            waited += time.perf_counter() - asked
            time.sleep(step)
        whole = time.perf_counter() - begun
    return waited / whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    parser.add_argument("--megapixels", type=float, default=MEGAPIXELS)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        run = plates(Path(scratch), options.megapixels)
        for kind in ("png", "unpacked"):
            if kind == "unpacked":
                begun = time.perf_counter()
                unpack(run, run.spec())
                print(f"unpacked in {time.perf_counter() - begun:.1f} s")
            pool, _ = split_pools(run)
            pool.shelf.most = 1  # more scans than a process keeps, as a lab has
            crops = Crops(pool, run.spec().recipe, 0)
            crops.masked.shelf.most = 1
            for size in options.sizes:
                for workers in options.workers:
                    batch = max(2, 1024 // size)
                    wall, core = rate(crops, size, workers, batch, options.seconds)
                    row = {
                        "scans": kind,
                        "size": size,
                        "workers": workers,
                        "a_second": wall,
                        "a_core": core,
                    }
                    if kind == "unpacked":
                        row["waiting"] = waiting(crops, size, workers, batch, wall, options.seconds)
                    rows.append(row)
                    print(
                        json.dumps(
                            {k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}
                        ),
                        flush=True,
                    )
    print(
        f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
