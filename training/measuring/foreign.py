"""Networks that others published under the same measures as ours: as plain functions of arrays."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.foreign import adapters, process
from training.foreign.limits import GraphError, RunLimits, refuse_other_files
from training.foreign.network import ForeignNetwork
from training.imaging.colour_views import FOUR, TWO, predict_chroma
from training.imaging.thresholds import probabilities
from training.networks.inference import Detector

Bytes = NDArray[np.uint8]


@contextmanager
def opened(
    path: Path, adapter: str, stage: str, limits: RunLimits | None = None
) -> Iterator[ForeignNetwork]:
    """The graph of a file with an adapter that ships, or that of a TOML or JSON file, in its child.

    Raises ValueError with a sentence.
    """
    bounds = limits or RunLimits()
    try:
        wanted = _adapter(adapter)
        if wanted.stage != stage:
            raise ValueError(f"The adapter {adapter} is for {wanted.stage}, not for {stage}.")
        refuse_other_files(path)
        with tempfile.TemporaryDirectory(prefix="heirloom-measure-") as name:
            whole = Path(name) / "whole.onnx"
            facts = process.examine(path, wanted, whole, bounds)
            network = ForeignNetwork(whole, _ranged(wanted), facts["output"], bounds)
            try:
                yield network
            finally:
                network.process.close()
    except (GraphError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _adapter(named: str) -> adapters.Adapter:
    """A card keeps its adapter as JSON; by hand it is written in TOML."""
    if named in adapters.names():
        return adapters.preset(named)
    text = Path(named).read_text()
    return adapters.of_table(json.loads(text)) if named.endswith(".json") else adapters.read(text)


def limits_of(text: str) -> RunLimits:
    """What a graph may use, from a JSON object with the words of RunLimits. Raises ValueError."""
    try:
        given = json.loads(text)
        return RunLimits(**given | {"providers": tuple(given["providers"])})
    except (TypeError, KeyError) as error:
        raise ValueError(f"--limits is a JSON object of RunLimits: {error}.") from error


def _ranged(adapter: adapters.Adapter) -> adapters.Adapter:
    """A range that only a trial can tell must be said here."""
    if adapter.output.measured:
        raise ValueError(
            "This adapter measures its range at the import. Give a file of your own with range ="
            " [0, 1] or [0, 255], as the card of the imported version keeps it."
        )
    return adapter


@dataclass(frozen=True)
class ForeignDetector(Detector):
    """Luma H x W to probabilities H x W x 3; classes that the network does not tell are 0."""

    network: Any = None

    @classmethod
    def of(cls, network: ForeignNetwork) -> ForeignDetector:
        """With the adapter's cut for every class."""
        cut = network.adapter.output.cut
        return cls(None, (0.0,) * 3, (cut,) * 3, network=network)  # type: ignore[arg-type]

    def _tile(self, part: NDArray[Any]) -> NDArray[np.float32]:
        return probabilities(self.network(part.astype(np.float32) / np.float32(255)), 0.0)


def inpainter(network: ForeignNetwork) -> Any:
    """(RGB H x W x 3, hole H x W, not 0 = missing) to the filled RGB."""

    def fill(rgb: Bytes, hole: Bytes) -> Bytes:
        given = rgb.astype(np.float32) / np.float32(255)
        found = network(given, (hole == 0).astype(np.float32))
        filled = np.clip(np.rint(found * 255), 0, 255).astype(np.uint8)
        return np.where(hole[..., None] > 0, filled, rgb)

    return fill


@dataclass(frozen=True)
class ForeignColourizer:
    """Luma H x W to chroma H x W x 2 (Cb - 128, Cr - 128), from two views of it, or four."""

    network: ForeignNetwork
    mean_chroma: tuple[float, float] | None = None
    careful: bool = False

    def __call__(self, luma: Bytes) -> NDArray[np.float32]:
        views = FOUR if self.careful else TWO
        small = luma.astype(np.float32) / np.float32(255)
        chroma = predict_chroma(self.network, small, views)
        return np.asarray(
            cv2.resize(chroma, luma.shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32
        )
