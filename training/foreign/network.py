"""A published network with its adapter, called with our planes and answering ours, at any size."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.said import said
from training.foreign.adapters import Adapter, of_table
from training.foreign.converting import answer_of, inputs_of
from training.foreign.limits import GraphError, RunLimits
from training.foreign.process import GraphProcess
from training.imaging.padding import crop_like, pad_to_multiple
from training.imaging.tiling import Tile, blend_tiles

Plane = NDArray[np.float32]
OVERLAP = 0.25  # of a fixed side that neighbouring tiles share at least


class ForeignNetwork:
    """Called with planes h x w (x C) of float32 in 0..1, answers h x w x K of any size.

    A graph of one fixed size gets its picture padded by reflection; what is larger is looked at in
    tiles with blended borders, and for colour shrunk, its shape kept: tiles would disagree in tint.
    Raises GraphError with a sentence.
    """

    def __init__(self, model: Path, adapter: Adapter, output: str, limits: RunLimits) -> None:
        self.adapter, self.output = adapter, output
        self.process = GraphProcess(model, limits)

    @classmethod
    def of_card(cls, model: Path, card: dict[str, Any], limits: RunLimits) -> ForeignNetwork:
        """From what the import wrote on the card."""
        return cls(model, of_table(card["adapter"]), str(card["graph"]["output"]), limits)

    @property
    def multiple(self) -> int:
        """What callers round their tiles to."""
        return self.adapter.multiple

    def __call__(self, *planes: Plane) -> Plane:
        side = self.adapter.side
        if side is None:
            padded = tuple(
                np.asarray(pad_to_multiple(plane, self.multiple), np.float32) for plane in planes
            )
            return np.asarray(crop_like(self._run(*padded), planes[0]), np.float32)
        height, width = planes[0].shape[:2]
        if height <= side[0] and width <= side[1]:
            return self._padded(side, *planes)
        if self.adapter.stage == "colorization":
            return self._shrunk(side, *planes)
        return self._tiled(side, *planes)

    def _padded(self, side: tuple[int, int], *planes: Plane) -> Plane:
        whole = self._run(*(_to_side(plane, side) for plane in planes))
        return np.asarray(crop_like(whole, planes[0]), np.float32)

    def _shrunk(self, side: tuple[int, int], *planes: Plane) -> Plane:
        height, width = planes[0].shape[:2]
        scale = min(side[0] / height, side[1] / width)
        size = (max(1, math.floor(width * scale)), max(1, math.floor(height * scale)))
        small = [
            np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA)) for each in planes
        ]
        found = self._padded(side, *small)
        large = cv2.resize(found, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(large, np.float32).reshape(height, width, -1)

    def _tiled(self, side: tuple[int, int], *planes: Plane) -> Plane:
        joined = np.dstack(planes)
        ends = np.cumsum([1 if plane.ndim == 2 else plane.shape[2] for plane in planes])

        def one(part: NDArray[np.generic]) -> Plane:
            cut = np.split(np.asarray(part, np.float32), ends[:-1], axis=2)
            shaped = [
                each[..., 0] if plane.ndim == 2 else each
                for each, plane in zip(cut, planes, strict=True)
            ]
            return self._padded(side, *shaped)

        return blend_tiles(one, joined, tiles_of(joined.shape[:2], side))

    def _run(self, *planes: Plane) -> Plane:
        """One run of the graph; nothing that is no number, and no other size, gets out of it."""
        raw = self.process.run(inputs_of(self.adapter, planes), self.output)
        wanted = (*planes[0].shape[:2], self.adapter.output.channels)
        shape = raw.shape[1:]
        if self.adapter.output.layout == "NCHW":
            shape = (*raw.shape[2:], raw.shape[1])
        if raw.shape[0] != 1 or shape != wanted:
            found, asked = ("x".join(map(str, each)) for each in (shape, wanted))
            raise GraphError(said("graph.other-shape", found=found, asked=asked))
        if not np.isfinite(raw).all():
            raise GraphError(said("graph.no-number"))
        return answer_of(self.adapter, raw, planes)


def _to_side(plane: Plane, side: tuple[int, int]) -> Plane:
    extra = [(0, side[0] - plane.shape[0]), (0, side[1] - plane.shape[1])]
    grown = np.pad(plane, extra + [(0, 0)] * (plane.ndim - 2), mode="reflect")
    return np.asarray(grown, np.float32)


def tiles_of(shape: tuple[int, ...], side: tuple[int, int]) -> list[Tile]:
    """Evenly spread tiles of at most `side` (height, width) px that cover H x W and overlap."""
    starts = [_starts(length, most) for length, most in zip(shape, side, strict=False)]
    return [
        Tile(top, left, min(shape[0], top + side[0]), min(shape[1], left + side[1]))
        for top, left in product(*starts)
    ]


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = 1 + math.ceil((length - side) / max(1, math.floor(side * (1 - OVERLAP))))
    return [round(index * (length - side) / (count - 1)) for index in range(count)]
