"""Peak memory and seconds per megapixel of a 100-megapixel scan, beside a 2-megapixel one."""

import multiprocessing
import os
import resource
import sys
import time

import numpy as np

from pipeline.engine.pipeline import restore
from pipeline.imageio import encode
from tests.benchmarks.pipeline import open_all, picture

MEGAPIXELS = (2, 100)
TARGETS = "targets: under 2000 MB, at most 1.3 times the seconds per MP of 2 MP"


def main() -> None:
    open_all("onnx")  # exported once, before anything is measured
    print(f"grey scan through all results and their PNGs, load {os.getloadavg()[0]:.1f}; {TARGETS}")
    print(f"{'MP':>6}{'seconds':>10}{'s / MP':>9}{'peak MB':>9}   s / MP by result")
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for megapixels in MEGAPIXELS:
            print(pool.apply(measured, (megapixels,)), flush=True)


def measured(megapixels: int) -> str:
    """One line; in a process of its own, whose peak is the restoration's."""
    image = scan(megapixels)
    size = image.size / 2**20
    networks = open_all("onnx")
    start = time.perf_counter()
    parts = []
    for result in restore(image, networks):
        seconds = result.report["seconds"]
        parts.append(f"{result.kind} {seconds / size:.2f}")
        encode.png(result.pixels)
        del result  # as the worker does when it asks for the next one
    seconds = time.perf_counter() - start
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    figures = f"{size:6.1f}{seconds:10.1f}{seconds / size:9.2f}{peak:9.0f}"
    return f"{figures}   {', '.join(parts)}"


def scan(megapixels: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The damaged picture of tests.benchmarks.pipeline, laid side by side up to that size."""
    tile, _ = picture()
    side = max(1, round((megapixels * 2**20 / tile.size) ** 0.5))
    return np.tile(tile, (side, side))
