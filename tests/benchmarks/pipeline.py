"""The restoration of a 2-megapixel picture: seconds by stage, engine and rival, and FLOPs."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from config.env import VAR
from pipeline.engine.inpainting import fill_defects
from pipeline.engine.networks import STAGES, Network, open_network, open_rival
from pipeline.engine.pipeline import KINDS, Options, restore
from pipeline.engine.runtimes import Plane
from pipeline.engine.segmentation import grown
from training.augmentation.samples import damage_photo

WEIGHTS = Path(__file__).parents[2] / "training" / "weights"
SIZE = (1732, 1155)  # width, height: 1.9 of our megapixels
# GFLOP per MP, counted on the published weights: BOPBTL's scratch detector at 1024 px, big-lama
# at 512 px without its FFTs (Suvorov et al. 2022), an ordinary U-Net on ResNet-18.
PUBLISHED = {"BOPBTL scratch detector": 2328, "big-lama": 1760, "U-Net, ResNet-18": 173}

Bytes = NDArray[np.uint8]


def picture() -> tuple[Bytes, Bytes]:
    """A photograph with synthetic damage, and where that damage is."""
    photo = cv2.resize(data.astronaut(), SIZE, interpolation=cv2.INTER_CUBIC)
    damaged, classes = damage_photo(photo, rng=np.random.default_rng(5))
    return damaged, classes


def open_all(engine: str) -> dict[str, Network]:
    paths = {stage: WEIGHTS / f"{stage}.safetensors" for stage in STAGES}
    return {
        stage: open_network(path, engine=engine, exports=VAR / "exports")
        for stage, path in paths.items()
    }


class Stopwatch:
    """Seconds spent inside the networks themselves; the rest is the engine's own."""

    def __init__(self, networks: Mapping[str, Network]) -> None:
        self.seconds = 0.0
        for network in networks.values():
            network.run.forward = self.timed(network.run.forward)  # type: ignore[method-assign]

    def timed(self, forward: Callable[..., Plane]) -> Callable[..., Plane]:
        def run(*arrays: Plane) -> Plane:
            start = time.perf_counter()
            answer = forward(*arrays)
            self.seconds += time.perf_counter() - start
            return answer

        return run


class Run(NamedTuple):
    """One restoration: seconds in all, by result, inside the networks, and of the processor."""

    total: float
    by_kind: list[float]
    inside: float
    processor: float


def better_of_two(image: Bytes, networks: dict[str, Network], options: Options) -> Run:
    watch, runs = Stopwatch(networks), []
    for _ in range(2):
        watch.seconds, before = 0.0, time.process_time()
        found = [result.report["seconds"] for result in restore(image, networks, options)]
        runs.append(Run(sum(found), found, watch.seconds, time.process_time() - before))
    return min(runs)


def filling(image: Bytes, mask: NDArray[np.bool_], network: Network) -> float:
    start = time.perf_counter()
    fill_defects(image, mask, network)
    return time.perf_counter() - start


def chains(image: Bytes) -> dict[str, Network]:
    """The table of engines; gives the networks of the default one."""
    megapixels = image.size / 2**20
    print(
        f"{'seconds per MP':16}" + "".join(f"{kind:>21}" for kind in KINDS)
        + f"{'chain, s':>10}{'target':>8}{'processor, s':>14}{'of its networks':>17}"
    )  # fmt: skip
    rows = [("onnx", False, 3.0), ("onnx", True, 6.0), ("torch", False, None)]
    for engine, careful, target in rows:
        run = better_of_two(image, open_all(engine), Options(careful=careful))
        print(
            f"{engine + (', 2 looks' if careful else ''):16}"
            + "".join(f"{s / megapixels:21.3f}" for s in run.by_kind)
            + f"{run.total:10.2f}{target or '':>8}{run.processor:14.2f}"
            + f"{run.total / run.inside:15.2f} x"
        )
    print("the engine's target: at most 1.3 times its networks")
    return open_all("onnx")


def fillers(image: Bytes, classes: Bytes, network: Network) -> None:
    mask = grown(classes & np.uint8(7))
    print(f"\nfilling the true damage, {100 * mask.mean():.1f} % of the picture, seconds per MP")
    rivals = [open_rival("inpainting", name) for name in ("telea", "navier_stokes")]
    for filler in [network, *rivals]:
        seconds = min(filling(image, mask, filler) for _ in range(2))
        print(f"  {filler.name:14} {filler.run.name:14} {seconds / (image.size / 2**20):8.3f}")


def work() -> None:
    """GFLOP per MP of our networks beside those of published ones (their own files, counted)."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from training.networks.onnx.export import example
    from training.networks.weights import load

    print("\nGFLOP per megapixel (a multiply and an add count as two)")
    for stage in STAGES:
        module, _ = load(WEIGHTS / f"{stage}.safetensors")
        inputs = example(module, stage, 512 // module.multiple, 512 // module.multiple)
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            module.core(*inputs)
        per = counter.get_total_flops() / (inputs[0].shape[2] * inputs[0].shape[3]) * 2**20 / 1e9
        once = " (runs once a picture, at 512 px)" if stage == "colorization" else ""
        print(f"  {stage:24}{per:8,.0f}{once}")
    for name, gflop in PUBLISHED.items():
        print(f"  {name:24}{gflop:8,.0f}")


def cold_start() -> None:
    """A fresh process: imports, networks opened, one 2-megapixel picture restored."""
    code = "from tests.benchmarks.pipeline import *; first = [*restore(picture()[0], open_all('onnx'))]"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    seconds = time.perf_counter() - start
    print(f"\na fresh process to all four results: {seconds:.1f} s (target 8 s)")


def main() -> None:
    image, classes = picture()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}, {image.shape[1]} x {image.shape[0]} px")
    fillers(image, classes, chains(image)["inpainting"])
    work()
    cold_start()
