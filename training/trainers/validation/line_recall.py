"""Which drawn lines a network finds while it learns: a small line probe at every validation.

Painted masks alone would choose a checkpoint that is blind to what their photos lack.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from training.imaging.colour import luma as luma_of
from training.probes.lines import run_lines
from training.trainers.data import Picture, Pool, to_tensor

PICTURES, SIDE = 6, 384  # sound pictures, and px of the window of each
WIDTHS = (1.5, 6.0, 24.0)  # px


def line_pictures(pool: Pool, most: int = PICTURES) -> list[Picture]:
    """H x W uint8 windows of held-out photos without a mask, spread over all of them."""
    clean = [item for item in pool.items if not item.mask]
    chosen = clean[:: max(1, len(clean) // most)][:most]
    return [_middle(np.asarray(luma_of(pool.photo(item)), np.uint8)) for item in chosen]


def _middle(luma: Picture) -> Picture:
    top, left = (max(0, (side - SIDE) // 2) for side in luma.shape)
    return np.ascontiguousarray(luma[top : top + SIDE, left : left + SIDE])


@torch.no_grad()
def line_recall(
    network: nn.Module, pictures: Sequence[Picture], cut: float, device: torch.device
) -> dict[str, float]:
    """Recall 0..1 above the logit `cut`: `worst` and `mean` of the cells of sign, width and
    contrast, `dark` the mean of dark lines. Empty where no line could be drawn."""

    def marker(luma: Picture) -> np.ndarray:
        logits: np.ndarray = network(to_tensor([luma], device))[0].float().amax(0).cpu().numpy()
        return logits

    cells = run_lines(marker, pictures, widths=WIDTHS).recall(cut, least=1)
    if not cells:
        return {}
    dark = [value for (sign, *_), value in cells.items() if sign == "dark"]
    found = {"worst": min(cells.values()), "mean": float(np.mean(list(cells.values())))}
    return found | ({"dark": float(np.mean(dark))} if dark else {})
