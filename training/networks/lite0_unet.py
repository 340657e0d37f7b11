"""The default finder of damage: a pretrained small encoder and a head at full resolution."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import conv_norm
from training.networks.efficientnet_lite import TAP_CHANNELS, EfficientNetLite0
from training.networks.padding import AnySize


class Lite0UNet(AnySize):
    """N x 1 x H x W in 0..1 to N x outputs x H x W logits, 47 GFLOP/MP, 3.8 M parameters.

    EfficientNet-Lite0 encoder (Tan and Le 2019), U-Net decoder to half size (Ronneberger et al.
    2015), pixel shuffle to full size beside two convolutions of the input itself: lines of a
    pixel and a half live there alone. The head says how likely *some* damage is, and which class
    it would be: the likeliest class has the logit of damage, the others are below it by the log
    of how much less likely they are. So one cut marks damage, whatever it is called.
    """

    multiple = 32

    def __init__(
        self,
        widths: tuple[int, int, int, int] = (128, 64, 48, 24),
        head: int = 16,
        outputs: int = 3,
    ) -> None:
        super().__init__()
        self.normalise_by([127 / 255], [128 / 255])
        self.encoder = EfficientNetLite0(1)
        self.decoder = nn.ModuleList()
        deep = TAP_CHANNELS[-1]
        for skip, width in zip(TAP_CHANNELS[-2::-1], widths, strict=True):
            self.decoder.append(
                nn.Sequential(conv_norm(deep + skip, width), conv_norm(width, width))
            )
            deep = width
        self.lift = nn.Conv2d(deep, 32, 1)
        self.beside = nn.Sequential(conv_norm(1, 8), conv_norm(8, 8))
        self.mix = conv_norm(16, head)
        self.last = nn.Conv2d(head, 1 + outputs, 1)

    def core(self, *pictures: Tensor) -> Tensor:
        """Pictures N x C x H x W, 0..1, padded to `multiple`, to logits N x classes x H x W."""
        x = self.normalised(pictures[0])
        maps = self.encoder(x)
        y = maps.pop()
        for step in self.decoder:
            y = functional.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, maps.pop()], dim=1))
        y = torch.cat([functional.pixel_shuffle(self.lift(y), 2), self.beside(x)], dim=1)
        answer = self.last(self.mix(y))
        damage, classes = answer[:, :1], answer[:, 1:]
        return damage + classes - classes.amax(dim=1, keepdim=True)

    def start_at_prior(self, logits: list[float]) -> None:
        """Set the head's bias, so that the first step already knows how rare damage is."""
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor([max(logits), *logits]))  # type: ignore[union-attr]
