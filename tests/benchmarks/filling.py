"""Filling a 2-megapixel picture, part by part, beside a network run over every hole.

The yardstick is what filling was before its parts: marks grown by 2 px, and the network on every
tile that holds a hole, 48 px around it. Seconds of one core's work (processor time), the better of
two, in turns: a busy machine slows both.
"""

import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.fill.biharmonic import fill_thin
from pipeline.engine.fill.completion import completed
from pipeline.engine.fill.edges import grown_to_edges
from pipeline.engine.fill.grain import NARROWEST, add_grain
from pipeline.engine.fill.tiles import pieces_of, run_pieces
from pipeline.engine.fill.widths import THIN, at_least
from pipeline.engine.inpainting import fill_marks
from pipeline.engine.networks import Network
from pipeline.engine.pixels import rgb
from pipeline.engine.progress import silent
from pipeline.engine.segmentation import grown
from tests.benchmarks.pipeline import open_all, picture
from training.imaging.holes import components_of, distances, find_holes
from training.imaging.tiling import hole_tiles

Bytes = NDArray[np.uint8]
TARGET = 0.5


def seconds(part: Callable[[], object]) -> float:
    start = time.process_time()
    part()
    return time.process_time() - start


def network_everywhere(image: Bytes, bits: Bytes, network: Network) -> None:
    """Filling as it was: every hole by the network, on the cheapest of four sizes of tiles."""
    mask = grown(bits)
    find_holes(mask)
    ways = [
        hole_tiles(components_of(mask), margin=48, tile=side, multiple=network.run.multiple)
        for side in (384, 512, 768, 1024)
    ]
    pieces = min(ways, key=lambda some: sum(each.tile.pixels + 16_384 for each in some))
    for piece in pieces:
        window = piece.tile.window
        network.run(rgb(image[window]), (~mask[window]).astype(np.float32))
        distances(mask[window])


def parts(image: Bytes, bits: Bytes, network: Network) -> dict[str, Callable[[], object]]:
    mask = grown_to_edges(image, bits)
    wide = at_least(mask, THIN)
    answer = rgb(image[mask][:, None])[:, 0]
    multiple, rng = network.run.multiple, np.random.default_rng(1)
    filled = image.copy()
    return {
        "closing and torn parts": lambda: completed(image, bits),
        "growing to the edge": lambda: grown_to_edges(image, bits),
        "biharmonic": lambda: fill_thin(image, mask, mask, np.flatnonzero(mask), answer),
        "choosing tiles": lambda: pieces_of(wide, multiple),
        "network": lambda: list(
            run_pieces(image, mask, pieces_of(wide, multiple), network, silent)
        ),
        "grain": lambda: add_grain(filled, mask, at_least(mask, NARROWEST + 1), rng),
        "filling in all": lambda: fill_marks(image, bits, network, grain=rng),
    }


def main() -> None:
    cv2.setNumThreads(1)
    image, classes = picture()
    bits = classes & np.uint8(7)
    network = open_all("onnx")["inpainting"]
    old, new = [], {}
    for _ in range(2):
        old.append(seconds(lambda: network_everywhere(image, bits, network)))
        for name, part in parts(image, bits, network).items():
            new.setdefault(name, []).append(seconds(part))
    print(f"{'part':26}{'processor, s':>13}{'of the old way':>16}")
    print(f"{'network over every hole':26}{min(old):13.2f}")
    for name, found in new.items():
        print(f"{name:26}{min(found):13.2f}{min(found) / min(old):15.2f} x")
    print(f"target: filling in all at most {TARGET} x")


if __name__ == "__main__":
    main()
