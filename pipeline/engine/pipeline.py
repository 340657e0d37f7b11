"""The three stages in a row: a picture in, four results out, each as soon as it is ready."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.engine.colorization import colourise
from pipeline.engine.inpainting import fill_defects
from pipeline.engine.networks import Network, Networks
from pipeline.engine.pixels import Picture, check
from pipeline.engine.progress import Progress, silent, within
from pipeline.engine.segmentation import (
    NEUTRAL,
    classify,
    find_defects,
    grown,
    shares,
    thresholds,
    warnings,
)
from training.imaging.border import without_edge_marks

KINDS = ("mask", "inpainted", "inpainted_colorized", "colorized")
# What the next kind is made from; of a large scan nothing else is kept.
STARTS = ("mask", "inpainted")
SHARES = {"mask": (0.0, 0.4), "inpainted": (0.4, 0.8)}
SHARES |= {"inpainted_colorized": (0.8, 0.9), "colorized": (0.9, 1.0)}


@dataclass(frozen=True)
class Options:
    """What a person may choose. `strength` 0..1 as in engine.defects.thresholds."""

    mirrors: bool = False
    strength: float = NEUTRAL


@dataclass(frozen=True)
class Result:
    """`pixels` of a mask are class bits (H x W uint8), of all other kinds a picture."""

    kind: str
    pixels: Picture
    report: dict[str, Any] = field(default_factory=dict)


def restore(
    image: Picture,
    networks: Networks,
    options: Options = Options(),
    *,
    painted: NDArray[np.uint8] | None = None,
    done: Mapping[str, Callable[[], Picture]] | None = None,
    kinds: Collection[str] = KINDS,
    progress: Progress = silent,
) -> Iterator[Result]:
    """Yields the results of `kinds` in the order of `KINDS`, leaving out those in `done`.

    `painted` are class bits a person accepted for this picture: they stand in for the network.
    `done` reads a result that an earlier attempt has finished. "inpainted" needs "mask", and
    "inpainted_colorized" needs "inpainted".
    """
    check(image)
    known = done or {}
    made: dict[str, Picture] = {}
    for kind in (kind for kind in KINDS if kind in kinds):
        if kind in known:
            made = {kind: known[kind]()} if kind in STARTS else {}
            continue
        report = within(progress, *SHARES[kind])
        start = time.perf_counter()
        pixels, facts = _step(kind, image, made, networks, options, painted, report)
        made = {kind: pixels} if kind in STARTS else {}
        facts["seconds"] = round(time.perf_counter() - start, 3)
        yield Result(kind, pixels, facts)
        del pixels


def _step(
    kind: str,
    image: Picture,
    made: dict[str, Picture],
    networks: Networks,
    options: Options,
    painted: NDArray[np.uint8] | None,
    progress: Progress,
) -> tuple[Picture, dict[str, Any]]:
    if kind == "mask":
        finder = networks.get("segmentation")
        return find_mask(image, finder, options, painted=painted, progress=progress)
    if kind == "inpainted":
        mask = grown(made["mask"].astype(np.uint8))
        filled = fill_defects(image, mask, networks["inpainting"], progress=progress)
        return filled.image, filled.report()
    source = image if kind == "colorized" else made["inpainted"]
    network = networks["colorization"]
    return colourise(source, network, mirrors=options.mirrors, progress=progress), {}


def find_mask(
    image: Picture,
    network: Network | None,
    options: Options,
    *,
    painted: NDArray[np.uint8] | None = None,
    progress: Progress = silent,
) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Class bits of the whole picture, by the network or as a person painted them."""
    if painted is not None:
        if painted.shape != image.shape[:2]:
            raise ValueError("the painted mask has another size than the picture")
        return painted, {"painted": True, **shares(painted)}
    if network is None:
        raise ValueError("neither a segmentation network nor a painted mask")
    cuts = thresholds(network.card, options.strength, looks=options.mirrors)
    bands = find_defects(image, network, looks=options.mirrors, progress=progress)
    bits = without_edge_marks(np.concatenate([classify(found, cuts) for found in bands]))
    facts = shares(bits)
    said = warnings(facts["covered"])
    return bits, {"painted": False, "thresholds": cuts, **facts, "warnings": said}
