"""Weight files as plain numpy functions, for measuring and notebooks (the engine has its own)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.imaging.adaptive_cut import FIXED, CutRule
from training.imaging.colour_views import FOUR, TWO, predict_chroma
from training.imaging.thresholds import by_class, cuts_of, probabilities
from training.imaging.tiling import blend_tiles, even_tiles
from training.imaging.tta import average_looks
from training.networks.weights import Card, load

Bytes = NDArray[np.uint8]


def _load(path: Path, stage: str) -> tuple[nn.Module, Card]:
    try:
        module, card = load(path)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not a weight file that can be read: {error}") from error
    except Exception as error:  # safetensors raises its own type for a broken header
        raise ValueError(f"{path} is not a weight file.") from error
    if card["stage"] != stage:
        raise ValueError(f"{path} holds {card['stage']} weights, not {stage}.")
    return module, card


def _run(module: nn.Module, *planes: NDArray[np.floating]) -> NDArray[np.float32]:
    """H x W (x C) float arrays in, the answer as H x W x K; computed where the module lives."""
    device = next(module.parameters()).device
    inputs = []
    for plane in planes:
        stacked = np.atleast_3d(np.asarray(plane, np.float32)).transpose(2, 0, 1)[None]
        inputs.append(torch.from_numpy(np.ascontiguousarray(stacked)).to(device))
    with torch.inference_mode():
        answer = module(*inputs)
    return np.ascontiguousarray(answer[0].permute(1, 2, 0).cpu().numpy())


@dataclass(frozen=True)
class Detector:
    """Luma H x W to calibrated probabilities H x W x 3 (fracture, scuff, hole), in tiles.

    With `looks` the mean of those, see training.imaging.tta.
    """

    module: nn.Module
    offsets: tuple[float, ...]
    thresholds: tuple[float, ...]
    looks: Sequence[int] = ()
    rule: CutRule = FIXED

    @classmethod
    def load(cls, path: Path, *, looks: Sequence[int] = ()) -> Detector:
        """From a weights file and its card. Raises ValueError or OSError with a sentence."""
        module, card = _load(path, "segmentation")
        offsets, cuts = by_class(card, "logit_offset", 0.0), cuts_of(card, bool(looks))
        return cls(module, tuple(offsets), tuple(cuts), looks, CutRule.of(card))

    def __call__(self, luma: Bytes) -> NDArray[np.float32]:
        def tile(part: NDArray[Any]) -> NDArray[np.float32]:
            return average_looks(self._tile, part, self.looks) if self.looks else self._tile(part)

        return blend_tiles(tile, luma, even_tiles(*luma.shape, multiple=32))

    def _tile(self, part: NDArray[Any]) -> NDArray[np.float32]:
        logits = _run(self.module, part.astype(np.float32) / 255)
        planes = [probabilities(logits[..., k], b) for k, b in enumerate(self.offsets)]
        return np.stack(planes, axis=-1)


@dataclass(frozen=True)
class Inpainter:
    """(RGB H x W x 3, hole H x W, non-zero = missing) to the filled RGB, in one piece."""

    module: nn.Module

    @classmethod
    def load(cls, path: Path) -> Inpainter:
        """From a weights file and its card. Raises ValueError or OSError with a sentence."""
        return cls(_load(path, "inpainting")[0])

    def __call__(self, rgb: Bytes, hole: Bytes) -> Bytes:
        valid = (hole == 0).astype(np.float32)
        filled = _run(self.module, rgb.astype(np.float32) / 255, valid)
        return np.clip(np.rint(filled * 255), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Colourizer:
    """Luma H x W to chroma H x W x 2 (Cb - 128, Cr - 128), from two views of it, or four."""

    module: nn.Module
    mean_chroma: tuple[float, float] | None
    careful: bool = False

    @classmethod
    def load(cls, path: Path, *, careful: bool = False) -> Colourizer:
        """From a weights file and its card. Raises ValueError or OSError with a sentence."""
        module, card = _load(path, "colorization")
        mean = card.get("mean_chroma")
        return cls(module, (float(mean[0]), float(mean[1])) if mean else None, careful)

    def __call__(self, luma: Bytes) -> NDArray[np.float32]:
        height, width = luma.shape
        chroma = predict_chroma(self._small, luma / np.float32(255), FOUR if self.careful else TWO)
        large = cv2.resize(chroma, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(large, np.float32)

    def _small(self, luma: NDArray[np.float32]) -> NDArray[np.float32]:
        return _run(self.module, luma)
