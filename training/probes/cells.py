"""Cells of a probe: what was reached of every drawn thing; any cut can be read off later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.probes.marker import DEFAULT_CUT

Key = tuple[str | float, ...]
LEAST = 20  # samples of a cell: below that its figure says nothing and is left out
KEPT = 2000  # pixels of a sample at most, evenly spread


@dataclass
class Cells:
    """Margins reached on each sample's pixels, by cell."""

    samples: dict[Key, list[NDArray[np.float16]]] = field(default_factory=dict)

    def add(self, key: Key, reached: NDArray[np.floating]) -> None:
        """One sample: the margins within a pixel of its core, flat."""
        flat = np.asarray(reached).ravel()
        step = -(-flat.size // KEPT) or 1
        kept = np.clip(flat[::step], -100, 100).astype(np.float16)
        self.samples.setdefault(key, []).append(kept)

    def recall(self, cut: float = DEFAULT_CUT, *, least: int = LEAST) -> dict[Key, float]:
        """Mean over the samples of the share of their pixels found, for cells with enough."""
        return {
            key: float(np.mean([np.mean(one > cut) for one in samples]))
            for key, samples in self.samples.items()
            if len(samples) >= least
        }


def worst(recall: dict[Key, float], having: Iterable[str | float] = ()) -> tuple[Key, float]:
    """The cell of least recall among those whose key holds all of `having`.

    Raises ValueError when there is none.
    """
    wanted = set(having)
    chosen = {key: value for key, value in recall.items() if wanted <= set(key)}
    if not chosen:
        raise ValueError("There is no cell with enough pictures.")
    key = min(chosen, key=lambda one: chosen[one])
    return key, chosen[key]
