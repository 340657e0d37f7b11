"""AlbuNet: the article's U-Net with a ResNet encoder and a decoder of transposed convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.inplace_abn import NormKind
from training.networks.padding import AnySize
from training.networks.resnet import ResNet, Stem

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
MULTIPLES = {"full": 16, "half": 32, "std": 64}


def _conv3(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True))


def _up(inputs: int, middle: int, outputs: int) -> nn.Sequential:
    """U(in, mid, out): convolution, then a transposed one that doubles the size."""
    return nn.Sequential(
        _conv3(inputs, middle),
        nn.ConvTranspose2d(middle, outputs, 4, 2, 1),
        nn.ReLU(inplace=True),
    )


class AlbuNet(AnySize):
    """Luma N x 1 (repeated as three planes) or RGB N x 3, 0..1, to N x outputs logits.

    27.1 M parameters at depth 18, 58.6 M at 50; 2,950, 771 or 348 GFLOP/MP (depth 18) with
    stem full, half or std. `norm` is the encoder's; the decoder has none.
    """

    def __init__(
        self,
        depth: int = 18,
        stem: Stem = "full",
        channels: int = 1,
        outputs: int = 3,
        norm: NormKind = "batch",
    ) -> None:
        super().__init__()
        self.normalise_by(*IMAGENET)
        self.channels, self.stem = channels, stem
        self.multiple = MULTIPLES[stem]
        self.encoder = ResNet(depth, stem, norm=norm)
        c2, c3, c4, c5 = self.encoder.channels
        self.centre = _up(c5, 512, 256)
        self.dec5 = _up(c5 + 256, 512, 256)
        self.dec4 = _up(c4 + 256, 512, 256)
        self.dec3 = _up(c3 + 256, 256, 64)
        self.dec2 = {
            "std": _up(c2 + 64, 128, 128),
            "half": _up(c2 + 64, 128, 32),
            "full": nn.Sequential(_conv3(c2 + 64, 128), _conv3(128, 32)),
        }[stem]
        self.dec1 = _up(128, 128, 32) if stem == "std" else nn.Identity()
        self.dec0 = _conv3(32, 32)
        self.last = nn.Conv2d(32, outputs, 1)

    def core(self, *pictures: Tensor) -> Tensor:
        """Pictures N x C x H x W, 0..1, padded to `multiple`, to logits N x classes x H x W."""
        picture = pictures[0]
        rgb = picture.expand(-1, 3, -1, -1) if self.channels == 1 else picture
        c2, c3, c4, c5 = self.encoder(self.normalised(rgb))
        y = self.centre(functional.max_pool2d(c5, 2))
        y = self.dec5(torch.cat([y, c5], 1))
        y = self.dec4(torch.cat([y, c4], 1))
        y = self.dec3(torch.cat([y, c3], 1))
        y = self.dec2(torch.cat([y, c2], 1))
        return self.last(self.dec0(self.dec1(y)))

    def start_at_prior(self, logits: list[float]) -> None:
        """Set the head's bias to how rare defects are."""
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor(logits))  # type: ignore[union-attr]


class ColourAlbuNet(AlbuNet):
    """AlbuNet as a colour network: tanh * 127.5 on two channels."""

    def __init__(self, depth: int = 50, stem: Stem = "std", norm: NormKind = "batch") -> None:
        super().__init__(depth, stem, channels=1, outputs=2, norm=norm)

    def core(self, *pictures: Tensor) -> Tensor:
        """Luma N x 1 x H x W, 0..1, to Cb - 128 and Cr - 128, N x 2 x H x W within 127.5."""
        return torch.tanh(super().core(*pictures)) * 127.5
