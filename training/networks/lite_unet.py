"""The lite U-Net: a stem without pool and a full-resolution head, so that thin lines survive."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import BasicBlock, conv_norm
from training.networks.norms import NormKind
from training.networks.padding import AnySize


class LiteUNet(AnySize):
    """N x channels x H x W in 0..1 to N x outputs x H x W, 79 GFLOP/MP at width 24.

    Stem 7x7 stride 2, ResNet blocks 2-2-2-2 down to 1/16, nearest-neighbour decoder to half
    size, pixel shuffle to full size beside a convolution of the input itself.
    """

    multiple = 16

    def __init__(
        self, width: int = 24, channels: int = 1, outputs: int = 3, norm: NormKind = "batch"
    ) -> None:
        super().__init__()
        self.channels = channels
        self.normalise_by([0.5] * channels, [0.25] * channels)
        widths = [width, 2 * width, 4 * width, 8 * width]
        self.stem = conv_norm(channels, width, 7, stride=2, norm=norm)
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
        self.lift = nn.Conv2d(width, 32, 1)
        self.beside = conv_norm(channels, 8, norm=norm)
        self.mix = conv_norm(16, 16, norm=norm)
        self.last = nn.Conv2d(16, outputs, 1)

    def core(self, *pictures: Tensor) -> Tensor:
        x = self.normalised(pictures[0])
        maps = [self.stem(x)]
        for stage in self.body:
            maps.append(stage(maps[-1]))
        y = maps.pop()
        for step in self.decoder:
            y = functional.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, maps.pop()], dim=1))
        y = functional.pixel_shuffle(self.lift(y), 2)
        return self.last(self.mix(torch.cat([y, self.beside(x)], dim=1)))

    def start_at_prior(self, logits: list[float]) -> None:
        """Set the head's bias, so that the first step already knows how rare defects are."""
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor(logits))  # type: ignore[union-attr]
