"""The first runs of a published network, at its import: does it answer, and at what cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.said import said
from photos.masks.classes import BITS
from training.foreign.adapters import Adapter, of_table
from training.foreign.limits import GraphError
from training.foreign.network import ForeignNetwork
from training.imaging import colour

Bytes = NDArray[np.uint8]
Plane = NDArray[np.float32]
EIGHT_BITS = 2.0  # an answer above it is told on 0..255
MOST_STRAY = 0.5  # share of values
MOST_CHROMA = 160.0  # levels: no colour of sRGB lies further out
RED = np.array([235, 60, 50], np.float32)


@dataclass(frozen=True)
class Example:
    """RGB H x W x 3 with damage, and for a filler its hole H x W (not 0 = missing)."""

    picture: Bytes
    hole: Bytes | None = None


@dataclass(frozen=True)
class Tried:
    """What the trial found: seconds a megapixel of 2^20 px, bytes the child held, and answers as
    RGB H x W x 3; `adapter` has its range measured."""

    adapter: Adapter
    seconds_per_megapixel: float
    peak: int
    answers: list[Bytes]


def tried(network: ForeignNetwork, examples: Sequence[Example]) -> Tried:
    """Runs every example once. Raises GraphError where an answer is none of what was said."""
    network.adapter = with_range(network, examples[0])
    network(*planes_of(network.adapter, examples[0]))  # the first run opens everything
    answers, seconds, pixels = [], 0.0, 0
    for example in examples:
        planes = planes_of(network.adapter, example)
        began = time.perf_counter()
        found = network(*planes)
        seconds += time.perf_counter() - began
        pixels += planes[0].shape[0] * planes[0].shape[1]
        _check(network.adapter, found)
        answers.append(_shown(network.adapter.stage, example, found))
    each = round(seconds / pixels * 2**20, 3)
    return Tried(network.adapter, each, network.process.peak, answers)


def planes_of(adapter: Adapter, example: Example) -> tuple[Plane, ...]:
    """What the engine would give a network of this stage."""
    rgb = example.picture.astype(np.float32) / np.float32(255)
    if adapter.stage == "inpainting":
        assert example.hole is not None  # noqa: S101 - a filler's example has one
        return rgb, (example.hole == 0).astype(np.float32)
    return (rgb,) if adapter.wants_colour else (np.asarray(colour.luma(rgb), np.float32),)


def with_range(network: ForeignNetwork, example: Example) -> Adapter:
    """The adapter with 0..1 or 0..255 in place of "measured": what the answer itself shows."""
    adapter = network.adapter
    if not adapter.output.measured:
        return adapter
    wide = replace(adapter, output=replace(adapter.output, low=0.0, high=1e9))
    raw = ForeignNetwork(network.process.model, wide, network.output, network.process.limits)
    raw.process = network.process
    largest = float(raw(*planes_of(adapter, example)).max()) * 1e9
    high = 255 if largest > EIGHT_BITS else 1
    table: dict[str, Any] = {
        **adapter.table,
        "output": {**adapter.table["output"], "range": [0, high]},
    }
    return of_table(table)


def _check(adapter: Adapter, found: Plane) -> None:
    """An answer in another range than the adapter says is black, white or shouting."""
    if adapter.stage == "inpainting":
        if np.mean((found <= 0) | (found >= 1)) > MOST_STRAY:
            raise GraphError(said("graph.black-or-white"))
    elif adapter.stage == "colorization" and np.mean(np.abs(found) > MOST_CHROMA) > 0.01:
        raise GraphError(said("graph.no-colours"))
    elif adapter.stage == "segmentation" and np.mean(found.max(axis=-1) > 0) > MOST_STRAY:
        raise GraphError(said("graph.marks-most"))


def _shown(stage: str, example: Example, found: Plane) -> Bytes:
    if stage == "inpainting":
        filled = np.rint(found * 255).astype(np.uint8)
        assert example.hole is not None  # noqa: S101 - a filler's example has one
        return np.where(example.hole[..., None] > 0, filled, example.picture)
    grey = np.asarray(colour.luma(example.picture), np.uint8)
    if stage == "colorization":
        return colour.merge_chroma(grey, found[..., 0] + 128, found[..., 1] + 128)
    sure = 1 / (1 + np.exp(-found[..., : len(BITS)].max(axis=-1)))[..., None]
    base = np.repeat(grey[..., None], 3, axis=2).astype(np.float32)
    return np.asarray(np.rint(base + 0.85 * sure * (RED - base)), np.uint8)


def example_of(clean: Bytes, damaged: Bytes, hole: Bytes, stage: str) -> Example:
    """A photograph as a network of this stage is shown it: RGB or grey, clean for colour alone;
    `hole` is widened by 1 px."""
    if damaged.ndim == 2:
        damaged = np.repeat(damaged[..., None], 3, axis=2)
    if stage == "colorization":
        grey = np.asarray(colour.luma(clean), np.uint8)
        return Example(np.repeat(grey[..., None], 3, axis=2))
    if stage == "segmentation":
        return Example(damaged)
    grown = cv2.dilate((hole > 0).astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    return Example(damaged, np.asarray(grown, np.uint8))
