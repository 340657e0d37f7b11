"""Seconds per megapixel of every stage on a 2-MP picture, beside OpenCV's Telea on its mask."""

import os
import platform
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from config.env import VAR
from pipeline.engine.chain import KINDS, Options, restore
from pipeline.engine.defects import grown
from pipeline.engine.filling import fill_defects
from pipeline.engine.networks import STAGES, Network, open_network, open_rival
from training.synthesis.samples import damage_photo

WEIGHTS = Path(__file__).parent.parent / "training" / "weights"
SIZE = (1732, 1155)  # width, height: 1.9 of our megapixels


def picture() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
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


def stages(image: NDArray[np.uint8], networks: dict[str, Network], options: Options) -> list[float]:
    """Seconds of mask, inpainted, inpainted_colorized, colorized: the better of two runs."""
    runs = [
        [result.report["seconds"] for result in restore(image, networks, options)] for _ in range(2)
    ]
    return [min(pair) for pair in zip(*runs, strict=True)]


def filling(image: NDArray[np.uint8], mask: NDArray[np.bool_], network: Network) -> float:
    start = time.perf_counter()
    fill_defects(image, mask, network)
    return time.perf_counter() - start


def main() -> None:
    image, classes = picture()
    megapixels = image.size / 2**20
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}, {image.shape[1]} x {image.shape[0]} px")
    print(f"{'seconds per MP':24}" + "".join(f"{kind:>22}" for kind in KINDS) + f"{'chain, s':>12}")
    networks = open_all("onnx")
    rows = [("onnx", networks, False), ("onnx, mirrors", networks, True)]
    rows.append(("torch", open_all("torch"), False))
    for name, opened, mirrors in rows:
        found = stages(image, opened, Options(mirrors=mirrors))
        print(
            f"{name:24}" + "".join(f"{s / megapixels:22.3f}" for s in found) + f"{sum(found):12.2f}"
        )
    mask = grown(classes & np.uint8(7))
    print(f"\nfilling the true damage, {100 * mask.mean():.1f} % of the picture, seconds per MP")
    rivals = [open_rival("inpainting", name) for name in ("telea", "navier_stokes")]
    for network in [networks["inpainting"], *rivals]:
        seconds = min(filling(image, mask, network) for _ in range(2))
        print(f"  {network.name:14} {network.run.name:14} {seconds / megapixels:8.3f}")
