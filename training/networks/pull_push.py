"""Push-pull (pyramid) fill inside the network: what the inpainting network corrects."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

GAIN = 8.0  # how soon a coarse pixel counts as known; 4 and below lost up to 0.24 dB


def push_pull(picture: Tensor, mask: Tensor, levels: int) -> Tensor:
    """Fill holes from coarser and coarser averages of valid pixels (Gortler et al. 1996).

    picture N x C x H x W, zero under its holes; mask N x 1 x H x W, 1 = valid; H and W multiples
    of 2^levels. Valid pixels come back unchanged. What even the coarsest level cannot see gets
    the mean of all valid pixels. Halving by a 4 x 4 tent beat the plain 2 x 2 mean by 0.35 dB
    on photos and 1 dB on portraits.
    """
    values, weights = [picture], [mask]
    for _ in range(levels):
        weight = _halve(weights[-1])
        values.append(_halve(values[-1] * weights[-1]) / weight.clamp_min(1e-6))
        weights.append((GAIN * weight).clamp_max(1))
    area = mask.mean(dim=(2, 3), keepdim=True).clamp_min(1e-6)
    mean = (picture * mask).mean(dim=(2, 3), keepdim=True) / area
    filled = values[-1] * weights[-1] + mean * (1 - weights[-1])
    for value, weight in zip(values[-2::-1], weights[-2::-1], strict=True):
        finer = functional.interpolate(
            filled, scale_factor=2.0, mode="bilinear", align_corners=False
        )
        filled = value * weight + finer * (1 - weight)
    return torch.where(mask > 0, picture, filled)


def _halve(x: Tensor) -> Tensor:
    """Half the size by a 4 x 4 tent; beyond the border are zeros, which weigh nothing."""
    side = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=x.dtype, device=x.device) / 8
    channels = int(x.shape[1])  # a constant for the exporter, which traces shapes
    kernel = torch.outer(side, side).expand(channels, 1, 4, 4)
    return functional.conv2d(x, kernel, stride=2, padding=1, groups=channels)


def box_mean(picture: Tensor, size: int = 16) -> Tensor:
    """Mean over `size`-px boxes, enlarged again: pooling and resizing, 2.7 times cheaper
    to train through than a sliding box."""
    pooled = functional.avg_pool2d(picture, size)
    return functional.interpolate(
        pooled, scale_factor=float(size), mode="bilinear", align_corners=False
    )
