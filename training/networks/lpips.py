"""LPIPS (Zhang et al. 2018): how different two pictures look, from VGG-16's features.

Measured where its two files are at hand and nowhere else: torchvision's VGG-16 and the learnt
weights of the metric's own five layers (`lin0.model.1.weight` ... as its authors publish them).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.networks.perceptual import PerceptualFeatures
from training.networks.published import read_tensors

CHANNELS = (64, 128, 256, 512, 512)
# The authors' own scaling of -1..1, which is not quite ImageNet's.
SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
LEAST = 16  # px: the fifth block halves four times


class Lpips(nn.Module):
    """Two RGB pictures N x 3 x H x W in 0..1 to N distances, 0 where they are alike."""

    def __init__(self) -> None:
        super().__init__()
        self.features = PerceptualFeatures(blocks=len(CHANNELS))
        self._scale_as_published()
        self.weights = nn.ParameterList(nn.Parameter(torch.zeros(c)) for c in CHANNELS)
        self.requires_grad_(False)

    def _scale_as_published(self) -> None:
        """The features subtract and divide; on 0..1 the authors' 2 x - 1 folds into both."""
        shift, scale = (torch.tensor(v).view(1, 3, 1, 1) for v in (SHIFT, SCALE))
        self.features.means, self.features.deviations = (1 + shift) / 2, scale / 2

    @torch.no_grad()
    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """N distances of N x 3 x H x W pairs. Raises ValueError for shapes that differ."""
        if one.shape != other.shape or min(one.shape[-2:]) < LEAST:
            raise ValueError(f"LPIPS wants two pictures of one size from {LEAST} px")
        total = torch.zeros(len(one), device=one.device)
        pairs = zip(self.features(one), self.features(other), self.weights, strict=True)
        for mine, theirs, weight in pairs:
            apart = (_unit(mine) - _unit(theirs)).square()
            total = total + (apart * weight.view(1, -1, 1, 1)).sum(1).mean((1, 2))
        return total

    def of(self, one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
        """The distance of two uint8 pictures H x W x 3."""
        pair = (
            torch.from_numpy(np.ascontiguousarray(p)).permute(2, 0, 1)[None].float() / 255
            for p in (one, other)
        )
        return float(self(*pair))

    @classmethod
    def load(cls, vgg: Path, linear: Path) -> Lpips:
        """From the two files. Raises ValueError naming the first key that does not fit."""
        found = cls()
        found.features = PerceptualFeatures.load(vgg, blocks=len(CHANNELS))
        if found.features.backbone != "vgg16":
            raise ValueError(f"{vgg.name} is not torchvision's VGG-16, which LPIPS was learnt on")
        found._scale_as_published()
        tensors = read_tensors(linear)
        for number, weight in enumerate(found.weights):
            key = f"lin{number}.model.1.weight"
            value = tensors.get(key)
            if value is None or value.numel() != weight.numel():
                raise ValueError(f"{linear.name} does not fit LPIPS at {key}")
            weight.data.copy_(value.flatten().float())
        return found.eval()


def _unit(maps: Tensor) -> Tensor:
    """Each pixel's features, N x C x H x W, at length one."""
    return functional.normalize(maps, dim=1, eps=1e-10)
