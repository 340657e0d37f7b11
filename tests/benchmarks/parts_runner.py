"""Times parts of one checkout's engine: run by `tests.benchmarks.parts` as a program of its own.

A line on standard input names a part, a line on standard output tells its seconds of the processor. Modules are
looked up by today's and earlier names, so that an earlier checkout can be measured as well.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any


def module(*names: str) -> Any:
    for name in names:
        try:
            return import_module(f"pipeline.engine.{name}")
        except ModuleNotFoundError:
            continue
    return None


def parts(
    pictures: Path, weights: Path, exports: Path, threads: int
) -> dict[str, Callable[[], Any]]:
    """Each part as a function; a checkout without guards has none of them."""
    import numpy as np

    chain, finding = module("pipeline", "chain"), module("segmentation", "defects")
    guarding, completion = module("guarding"), module("fill.completion")
    networks = {
        stage: module("networks").open_network(
            weights / f"{stage}.safetensors", engine="onnx", exports=exports, threads=threads
        )
        for stage in ("segmentation", "inpainting", "colorization")
    }
    given = np.load(pictures)
    image, bits = given["image"], given["bits"]
    finder = networks["segmentation"]

    def restored(*, careful: bool = False, **more: Any) -> list[Any]:
        known = {each.name for each in fields(chain.Options)}
        word = "careful" if "careful" in known else "mirrors"  # of an earlier checkout
        return list(chain.restore(image, networks, chain.Options(**{word: careful}), **more))

    def find(looks: bool = False) -> list[Any]:
        return list(finding.find_defects(image, finder, looks=looks))

    found: dict[str, Callable[[], Any]] = {
        "finding": find,
        "careful finding": lambda: find(True),
        "filling": lambda: restored(painted=bits, kinds=("mask", "inpainted")),
        "colour": lambda: restored(painted=bits, kinds=("mask", "colorized")),
        "chain": restored,
        "careful chain": lambda: restored(careful=True),
    }
    if guarding is not None:
        bands, cuts = find(), finding.thresholds(finder.card)
        found["guards"] = lambda: guarding.guarded(image, bands, cuts)
        found["completion"] = lambda: completion.completed(image, bits)
    return found


def main(checkout: str, pictures: str, weights: str, exports: str, threads: str) -> None:
    sys.path.insert(0, checkout)
    known = parts(Path(pictures), Path(weights), Path(exports), int(threads))
    print("ready", *[name.replace(" ", "_") for name in known], flush=True)
    for line in sys.stdin:
        start = time.process_time()
        known[line.strip().replace("_", " ")]()
        print(time.process_time() - start, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
