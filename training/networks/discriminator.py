"""SAGAN-style patch discriminator (Zhang et al. 2018): spectral norm and self-attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

MOST_POSITIONS = 1024  # larger maps pool their keys and values


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Module:
    return spectral_norm(nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2))


class SelfAttention(nn.Module):
    """x + w * attention(x), w = 0 at the start; N x C x H x W in and out."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = _conv(channels, channels // 8, 1)
        self.key = _conv(channels, channels // 8, 1)
        self.value = _conv(channels, channels, 1)
        self.weight = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W to the same shape; keys and values at most MOST_POSITIONS places."""
        small = x
        while small.shape[2] * small.shape[3] > MOST_POSITIONS:
            small = functional.max_pool2d(small, 2)
        query, key, value = (
            maps.flatten(2).transpose(1, 2)
            for maps in (self.query(x), self.key(small), self.value(small))
        )
        found = functional.scaled_dot_product_attention(query, key, value)
        return x + self.weight * found.transpose(1, 2).reshape(x.shape)


class Discriminator(nn.Module):
    """YCbCr N x 3 x H x W in -1..1 (from 32 px) to a score map, whose mean the loss takes."""

    def __init__(self, width: int = 64, slope: float = 0.1) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for level in range(4):
            outputs = width << level
            layers += [_conv(inputs, outputs, 4, 2), nn.LeakyReLU(slope)]
            if level >= 2:
                layers.append(SelfAttention(outputs))
            inputs = outputs
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(inputs, 1, 4, padding=2)))

    def forward(self, ycbcr: Tensor) -> Tensor:
        """N x 3 x H x W in YCbCr to a map of scores, one for each patch."""
        return self.layers(ycbcr)
