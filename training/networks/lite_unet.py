"""The lite U-Net: a stem without pool and a full-resolution head, so that thin lines survive."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import BasicBlock, conv_norm
from training.networks.inplace_abn import NormKind
from training.networks.padding import AnySize

LiteStem = Literal["half", "full", "pool"]
STRIDES = {"full": 1, "half": 2, "pool": 4}


def _stem(kind: LiteStem, channels: int, width: int, norm: NormKind) -> nn.Sequential:
    if kind == "full":
        return conv_norm(channels, width, 3, norm=norm)
    stem = conv_norm(channels, width, 7, stride=2, norm=norm)
    if kind == "pool":
        stem.append(nn.MaxPool2d(3, 2, 1))
    return stem


class LiteUNet(AnySize):
    """N x channels x H x W in 0..1 to N x outputs x H x W, 79 GFLOP/MP at width 24.

    Stem 7x7 stride 2, ResNet blocks 2-2-2-2 down to 1/16, nearest-neighbour decoder to half
    size, pixel shuffle to full size beside a convolution of the input itself. For comparison:
    stem `full` (3x3 stride 1, the article's, four times the work) and `pool` (7x7 stride 2, max
    pool, and nothing at full size), which loses thin lines.
    """

    def __init__(
        self,
        width: int = 24,
        channels: int = 1,
        outputs: int = 3,
        norm: NormKind = "batch",
        stem: LiteStem = "half",
    ) -> None:
        super().__init__()
        if stem not in STRIDES:
            raise ValueError(f"unknown stem {stem!r}: one of {', '.join(STRIDES)}")
        self.stride = STRIDES[stem]
        self.multiple = 8 * self.stride
        self.channels = channels
        self.normalise_by([0.5] * channels, [0.25] * channels)
        widths = [width, 2 * width, 4 * width, 8 * width]
        self.stem = _stem(stem, channels, width, norm)
        self.body = nn.ModuleList()
        before = width
        for after, stride in zip(widths, (1, 2, 2, 2), strict=True):
            first = BasicBlock(before, after, stride, norm)
            self.body.append(nn.Sequential(first, BasicBlock(after, after, 1, norm)))
            before = after
        self.decoder = nn.ModuleList(
            nn.Sequential(conv_norm(deep + skip, skip, norm=norm), conv_norm(skip, skip, norm=norm))
            for deep, skip in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.lift = nn.Conv2d(width, 8 * self.stride**2, 1)
        self.beside = None if stem == "pool" else conv_norm(channels, 8, norm=norm)
        self.mix = conv_norm(16 if self.beside else 8, 16, norm=norm)
        self.last = nn.Conv2d(16, outputs, 1)

    def core(self, *pictures: Tensor) -> Tensor:
        """Pictures N x C x H x W, 0..1, padded to `multiple`, to logits N x classes x H x W."""
        x = self.normalised(pictures[0])
        maps = [self.stem(x)]
        for stage in self.body:
            maps.append(stage(maps[-1]))
        y = maps.pop()
        for step in self.decoder:
            y = functional.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, maps.pop()], dim=1))
        y = self.lift(y)
        if self.stride > 1:
            y = functional.pixel_shuffle(y, self.stride)
        if self.beside is not None:
            y = torch.cat([y, self.beside(x)], dim=1)
        return self.last(self.mix(y))

    def start_at_prior(self, logits: list[float]) -> None:
        """Set the head's bias, so that the first step already knows how rare defects are."""
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor(logits))  # type: ignore[union-attr]
