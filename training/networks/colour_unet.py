"""Colour: luma in, CbCr out, predicted at half size (the eye asks no more of chroma)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import conv_norm
from training.networks.efficientnet_lite import TAP_CHANNELS, EfficientNetLite0
from training.networks.inplace_abn import NormKind
from training.networks.lite_unet import LiteUNet
from training.networks.padding import AnySize


class ColourUNet(AnySize):
    """forward(y N1HW in 0..1) to chroma N2HW: Cb - 128 and Cr - 128 in -127.5..127.5.

    EfficientNet-Lite0 encoder, U-Net decoder to half size, 4.3 M parameters.
    """

    multiple = 32

    def __init__(self, widths: tuple[int, int, int, int] = (256, 96, 64, 32)) -> None:
        super().__init__()
        self.normalise_by([127 / 255], [128 / 255])
        self.encoder = EfficientNetLite0(1)
        self.decoder = nn.ModuleList()
        deep = TAP_CHANNELS[-1]
        for skip, width in zip(TAP_CHANNELS[-2::-1], widths, strict=True):
            self.decoder.append(conv_norm(deep + skip, width))
            deep = width
        self.last = nn.Conv2d(deep, 2, 1)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def core(self, *pictures: Tensor) -> Tensor:
        """Luma N x 1 x H x W, 0..1, to Cb - 128 and Cr - 128, N x 2 x H x W within 127.5."""
        maps = self.encoder(self.normalised(pictures[0]))
        y = maps.pop()
        for step in self.decoder:
            y = functional.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, maps.pop()], dim=1))
        chroma = torch.tanh(self.last(y)) * 127.5
        return functional.interpolate(
            chroma, scale_factor=2.0, mode="bilinear", align_corners=False
        )


class ColourLiteUNet(LiteUNet):
    """The lite U-Net as a colour network: tanh * 127.5 on two channels, trained from nothing."""

    def __init__(self, width: int = 48, norm: NormKind = "batch") -> None:
        super().__init__(width, channels=1, outputs=2, norm=norm)

    def core(self, *pictures: Tensor) -> Tensor:
        """Luma N x 1 x H x W, 0..1, to Cb - 128 and Cr - 128, N x 2 x H x W within 127.5."""
        return torch.tanh(super().core(*pictures)) * 127.5
