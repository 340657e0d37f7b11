"""Three strokes of the true colour on wrongly coloured photographs: how much error is left.

`python -m tests.benchmarks.colour_strokes --data FOLDER [--split val] [--cases 30]`, where
SOURCES.tsv of the folder names colour photographs and their split. Two kinds of cases:

* made: a region of one colour (k-means on colour, one connected part, 2 to 35 % of the picture) has
  its hue turned by 90 to 270 degrees, and the strokes lie in it;
* network: the shipped network's own colours of the picture without its chroma, where they are
  wrong: worse than grey is. Each stroke lies where the error is largest then.

MSE is that of Cb and Cr over the whole picture, at a long side of 512 px. Without --data the
photographs of scikit-image stand in.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.colorization import colourise
from pipeline.engine.colour_strokes import recoloured
from pipeline.engine.colourful import why_skipped
from pipeline.engine.networks import Network, open_network
from training.imaging import colour
from training.imaging.painted_colours import ColourStroke

Bytes = NDArray[np.uint8]
SIDE, TARGET = 512, 0.5
WEIGHTS = Path(__file__).parents[2] / "training" / "weights" / "colorization.safetensors"


def photographs(
    folder: Path | None, split: str, rng: np.random.Generator
) -> Iterator[tuple[str, Bytes]]:
    """(name, RGB at a long side of 512 px) of the pictures that are in colour, in any order."""
    for name, image in _files(folder, split, rng) if folder else _shipped():
        if image.ndim == 3 and why_skipped(image):
            yield name, _shrunk(image)


def _files(folder: Path, split: str, rng: np.random.Generator) -> Iterator[tuple[str, Bytes]]:
    with (folder / "SOURCES.tsv").open() as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["split"] == split]
    for row in rng.permutation(np.array(rows, object)):
        if row["file"].startswith(("photos/", "portraits/")):
            found = cv2.imread(str(folder / row["file"]))
            if found is not None:
                yield row["file"], found[..., ::-1]


def _shipped() -> Iterator[tuple[str, Bytes]]:
    from skimage import data

    for name in ("astronaut", "chelsea", "coffee", "rocket"):
        yield name, getattr(data, name)()


def _shrunk(image: Bytes) -> Bytes:
    factor = min(1.0, SIDE / max(image.shape[:2]))
    size = (round(image.shape[1] * factor), round(image.shape[0] * factor))
    return np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def chroma_of(image: Bytes) -> NDArray[np.float32]:
    return colour.rgb_to_ycbcr(image.astype(np.float32))[..., 1:] - 128


def error(image: Bytes, truth: Bytes) -> NDArray[np.float32]:
    return ((chroma_of(image) - chroma_of(truth)) ** 2).mean(axis=2)


def regions(truth: Bytes, rng: np.random.Generator) -> NDArray[np.bool_] | None:
    """One connected part of one colour, 2 to 35 % of the picture, or nothing."""
    soft = cv2.bilateralFilter(truth, 9, 30, 9)
    values = colour.rgb_to_ycbcr(soft.astype(np.float32)).reshape(-1, 3) * (0.7, 1.5, 1.5)
    cv2.setRNGSeed(int(rng.integers(1 << 30)))
    rules = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    _, labels, _ = cv2.kmeans(values.astype(np.float32), 6, None, rules, 2, cv2.KMEANS_PP_CENTERS)
    found = []
    for label in range(6):
        plane = (labels.reshape(truth.shape[:2]) == label).astype(np.uint8)
        plane = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
        plane = cv2.morphologyEx(plane, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        count, parts, facts, _ = cv2.connectedComponentsWithStats(plane)
        found += [
            parts == part
            for part in range(1, count)
            if 0.02 <= facts[part, cv2.CC_STAT_AREA] / plane.size <= 0.35
        ]
    return found[rng.integers(len(found))] if found else None


def made_wrong(truth: Bytes, region: NDArray[np.bool_], rng: np.random.Generator) -> Bytes:
    """The region's hue turned, and no greyer than a visible mistake is."""
    chroma = chroma_of(truth)
    mean = chroma[region].mean(axis=0)
    turn = rng.uniform(np.pi / 2, 3 * np.pi / 2)
    strength = max(float(np.hypot(*mean)), 20.0)
    angle = np.arctan2(mean[1], mean[0]) + turn
    wrong = strength * np.array([np.cos(angle), np.sin(angle)])
    share = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 1.5)[..., None]
    moved = chroma + share * (wrong - mean) + 128
    return colour.merge_chroma(colour.luma(truth), moved[..., 0], moved[..., 1])


def line(truth: Bytes, where: NDArray[np.bool_], at: tuple[int, int]) -> ColourStroke:
    """The longest of four short lines through a place that stays inside, of the true colour."""
    y, x = at
    reach, width = max(truth.shape) * 0.05, max(truth.shape) * 0.015
    best = ((float(x), float(y)),) * 2
    for angle in np.arange(4) * np.pi / 4:
        ends = []
        for sign in (-1, 1):
            steps = [
                (x + sign * s * np.cos(angle), y + sign * s * np.sin(angle))
                for s in np.arange(0, reach, 2)
            ]
            inside = [p for p in steps if _inside(where, p)]
            ends.append(inside[-1] if len(inside) == len(steps) else (inside or [(x, y)])[-1])
        if _length(ends) > _length(best):
            best = (tuple(map(float, ends[0])), tuple(map(float, ends[1])))
    under = np.zeros(truth.shape[:2], np.uint8)
    cv2.line(under, *[(round(a), round(b)) for a, b in best], 1, max(1, round(width)))
    red, green, blue = truth[under > 0].mean(axis=0).round().astype(int)
    return ColourStroke(best, width, (int(red), int(green), int(blue)))


def _inside(where: NDArray[np.bool_], point: tuple[float, float]) -> bool:
    x, y = round(point[0]), round(point[1])
    return 0 <= y < where.shape[0] and 0 <= x < where.shape[1] and bool(where[y, x])


def _length(ends: object) -> float:
    (x0, y0), (x1, y1) = ends  # type: ignore[misc]
    return float(np.hypot(x1 - x0, y1 - y0))


def strokes_in(truth: Bytes, region: NDArray[np.bool_], count: int = 3) -> list[ColourStroke]:
    """The first in the region's depth, each other as deep and as far from those before."""
    deep = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 5)
    inner = deep > min(4.0, deep.max() / 2)
    far = np.full(region.shape, np.inf, np.float32)
    strokes = []
    for _ in range(count):
        value = np.where(inner, np.minimum(far, 4 * deep), 0)
        y, x = np.unravel_index(int(value.argmax()), value.shape)
        strokes.append(line(truth, inner, (int(y), int(x))))
        rows, columns = np.indices(region.shape)
        far = np.minimum(far, np.hypot(rows - y, columns - x).astype(np.float32))
    return strokes


def made_case(truth: Bytes, rng: np.random.Generator) -> tuple[Bytes, Bytes] | None:
    """(before, after)."""
    region = regions(truth, rng)
    if region is None:
        return None
    wrong = made_wrong(truth, region, rng)
    return wrong, recoloured(colour.luma(truth), wrong, strokes_in(truth, region))


def network_case(truth: Bytes, network: Network) -> tuple[Bytes, Bytes] | None:
    """(before, after) of a picture that the network colours worse than grey is."""
    grey = colour.luma(truth)
    before = now = colourise(grey, network)
    if error(before, truth).mean() <= (chroma_of(truth) ** 2).mean():
        return None
    strokes: list[ColourStroke] = []
    for _ in range(3):
        missed = cv2.GaussianBlur(error(now, truth), (0, 0), 8)
        for each in strokes:
            for x, y in each.points:
                cv2.circle(missed, (round(x), round(y)), 12, 0, -1)
        y, x = (int(side) for side in np.unravel_index(int(missed.argmax()), missed.shape))
        near = np.abs(chroma_of(truth) - chroma_of(truth)[y, x]).max(axis=2) < 12
        strokes.append(line(truth, near, (y, x)))
        now = recoloured(grey, before, strokes)
    return before, now


def main(arguments: list[str] | None = None) -> None:
    options = _options(arguments or [])
    found = ratios(options.data, options.split, options.cases, options.seed, told=print)
    print()
    for kind, each in found.items():
        if each:
            within = sum(ratio <= TARGET for ratio in each)
            print(
                f"{kind}: {len(each)} cases, MSE after / before: median "
                f"{np.median(each):.2f}, mean {np.mean(each):.2f}, worst {max(each):.2f}; "
                f"{within} at most {TARGET}"
            )


def ratios(
    data: Path | None,
    split: str = "val",
    cases: int = 30,
    seed: int = 1,
    *,
    weights: Path = WEIGHTS,
    told: Callable[[str], object] = len,
) -> dict[str, list[float]]:
    """MSE after the strokes to before, of so many cases of each kind; `told` hears of each."""
    rng = np.random.default_rng(seed)
    network = open_network(weights)
    found: dict[str, list[float]] = {"made": [], "network": []}
    for name, truth in photographs(data, split, rng):
        more = [kind for kind, each in found.items() if len(each) < cases]
        for kind in more:
            pair = made_case(truth, rng) if kind == "made" else network_case(truth, network)
            if pair is not None:
                before, after = (float(error(each, truth).mean()) for each in pair)
                told(f"{kind:8} {before:7.1f} -> {after:7.1f}  {after / before:.2f}  {name}")
                found[kind].append(after / before)
    return found


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.colour_strokes")
    parser.add_argument("--data", type=Path, help="a folder with SOURCES.tsv")
    parser.add_argument("--split", default="val")
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
