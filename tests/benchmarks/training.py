"""Training throughput: each stage's loop with its data pipeline, beside ready-made samples.

Wall time is what counts on an idle machine. CPU time holds on a busy one too; it is what is left
when nothing can be drawn while the network learns, so its ratio is the lower bound.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from PIL import Image
from skimage import data

from training.recipes import STAGES, changed, preset
from training.run_folder import Item, RunFolder, Spec
from training.trainers import colorization, inpainting, segmentation
from training.trainers.early_exit import Stopped, Stopper

BATCHES, WARM = 7, 2
READY = 4
LOOPS = {
    "segmentation": (segmentation, segmentation.Crops, "sample"),
    "inpainting": (inpainting, inpainting, "_sample"),
    "colorization": (colorization, colorization.Crops, "sample"),
}


class Watch(Stopper):
    """Notes when each batch ends and asks to stop after the last."""

    def __init__(self) -> None:
        self.times: list[tuple[float, float]] = []

    @property
    def asked(self) -> bool:
        self.times.append((time.perf_counter(), time.process_time()))
        return len(self.times) > BATCHES

    @property
    def seconds(self) -> list[float]:
        """Median wall and CPU seconds of a batch."""
        pairs = list(zip(self.times[WARM:], self.times[WARM + 1 :], strict=False))
        return [statistics.median(b[k] - a[k] for a, b in pairs) for k in (0, 1)]


def seconds_of(stage: str, folder: Path) -> list[float]:
    """Median wall and CPU seconds of a batch of the default recipe."""
    torch.manual_seed(0)
    for name in ("astronaut", "coffee", "chelsea", "rocket"):
        Image.fromarray(getattr(data, name)()).save(folder / f"{name}.png")
    items = [Item(image=path.name) for path in sorted(folder.glob("*.png"))]
    run, watch = RunFolder(folder), Watch()
    recipe = changed(preset(stage, "lite"), encoder=None)
    run.write(Spec(recipe=recipe, threads=torch.get_num_threads()), items)
    try:
        LOOPS[stage][0].train(run, run.spec(), watch)
    except Stopped:
        return watch.seconds
    raise AssertionError("the loop ended before it was asked to")


@contextmanager
def ready_made(stage: str) -> Iterator[None]:
    """Every crop after the first ones is one that was drawn before: the pipeline costs nothing."""
    _, owner, name = LOOPS[stage]
    draw, size = getattr(owner, name), preset(stage, "lite").size
    drawn: list[Any] = []
    turn = count()

    def again(*arguments: Any) -> Any:
        if stage == "segmentation" and arguments[2] != size:
            return draw(*arguments)  # what the start measures rarity on
        if len(drawn) < READY:
            drawn.append(draw(*arguments))
        return drawn[next(turn) % len(drawn)]

    with mock.patch.object(owner, name, again):
        yield


def main() -> None:
    threads = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))
    torch.set_num_threads(threads)
    print(f"torch {torch.__version__}, {threads} threads, load {os.getloadavg()[0]:.1f}")
    print(f"{'seconds per batch':22}{'ready-made':>12}{'pipeline':>12}{'throughput':>12}  target")
    for stage in STAGES:
        found = []
        for made in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                if made:
                    with ready_made(stage):
                        found.append(seconds_of(stage, Path(folder)))
                else:
                    found.append(seconds_of(stage, Path(folder)))
        for name, ready, piped in zip(("wall", "CPU"), *found, strict=True):
            label = f"{stage}, {name}"
            print(f"{label:22}{ready:12.2f}{piped:12.2f}{ready / piped:12.2f}    0.90", flush=True)
