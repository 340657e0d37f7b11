"""A U-Net over any convolutional encoder of timm, for labs with cards (`requirements-gpu.txt`)."""

from __future__ import annotations

import importlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import conv_norm
from training.networks.padding import AnySize

PROBE = (64, 96)  # px, a picture that is not square: shows which sizes an encoder's maps have


class TimmEncoder(nn.Module):
    """RGB N x 3 x H x W to a list of maps, the finest first; random weights, nothing is fetched.

    `name` is an architecture of timm (Wightman 2019), such as `convnext_tiny`. Raises ValueError
    where timm is not installed, the name is unknown, or its maps are no pyramid of halvings (plain
    transformers, encoders of one size).
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.features = _made(name)
        with torch.no_grad():
            maps = _maps_of(self.features.eval(), name)
        self.features.train()
        self.channels = [one.shape[1] for one in maps]
        self.reductions = [_reduction(one, name) for one in maps]
        if any(fine >= coarse for fine, coarse in pairwise(self.reductions)):
            raise ValueError(f"encoder {name!r} has no maps of ever smaller size")

    def forward(self, picture: Tensor) -> list[Tensor]:
        return list(self.features(picture))

    def statistics(self) -> tuple[list[float], list[float]]:
        """Means and deviations of the pictures that the architecture's weights were taught with."""
        config = _timm().get_pretrained_cfg(self.name)
        return list(config.mean), list(config.std)

    def load_published(self, path: Path) -> None:
        """Take the weights of timm's own `.safetensors` file, without its classifier.

        Raises ValueError where the file is of another kind or another architecture.
        """
        if path.suffix != ".safetensors":
            raise ValueError(f"{path.name}: a timm encoder wants its .safetensors file")
        try:
            whole = _made(self.name, pretrained=True, pretrained_cfg_overlay={"file": str(path)})
        except (RuntimeError, KeyError, OSError) as error:
            raise ValueError(f"{path.name} does not fit {self.name}: {error}") from error
        self.features.load_state_dict(whole.state_dict())


def _timm() -> Any:
    try:
        return importlib.import_module("timm")
    except ImportError as error:
        raise ValueError("network timm wants pip install -r requirements-gpu.txt") from error


def _made(name: str, **how: Any) -> nn.Module:
    timm = _timm()
    if not timm.is_model(name):  # hub addresses and folders are no architectures either
        raise ValueError(f"timm knows no encoder {name!r}")
    try:
        made: nn.Module = timm.create_model(
            name, features_only=True, **{"pretrained": False, **how}
        )
    except (AttributeError, AssertionError, TypeError, NotImplementedError) as error:
        raise ValueError(f"encoder {name!r} gives no maps: {error}") from error
    return made


def _maps_of(features: nn.Module, name: str) -> list[Tensor]:
    try:
        return list(features(torch.zeros(1, 3, *PROBE)))
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"encoder {name!r} takes pictures of one size only: {error}") from error


def _reduction(found: Tensor, name: str) -> int:
    """How many pixels a side of a map's cell has; refused where sides differ."""
    height, width = (side // got for side, got in zip(PROBE, found.shape[2:], strict=True))
    if height != width or found.shape[2] * height != PROBE[0]:
        raise ValueError(f"encoder {name!r} has maps that do not divide the picture")
    return int(height)


class TimmUNet(AnySize):
    """Luma N x 1 (as three planes), 0..1, to N x outputs logits at full size.

    U-Net decoder (Ronneberger et al. 2015) of 3 x 3 convolutions on the encoder's maps, pixel
    shuffle to full size beside two convolutions of the input itself.
    """

    def __init__(
        self, encoder: str = "convnext_tiny", width: int = 256, head: int = 16, outputs: int = 3
    ) -> None:
        super().__init__()
        self.encoder = TimmEncoder(encoder)
        self.normalise_by(*self.encoder.statistics())
        self.multiple = self.encoder.reductions[-1]
        self.decoder = nn.ModuleList()
        deep = self.encoder.channels[-1]
        for skip in self.encoder.channels[-2::-1]:
            self.decoder.append(
                nn.Sequential(conv_norm(deep + skip, width), conv_norm(width, width))
            )
            deep, width = width, max(width // 2, head)
        self.finest = self.encoder.reductions[0]
        self._head(deep, head, outputs)

    def _head(self, deep: int, head: int, outputs: int) -> None:
        self.lift = nn.Conv2d(deep, head * self.finest**2, 1)
        self.beside = nn.Sequential(conv_norm(3, 8), conv_norm(8, 8))
        self.mix = conv_norm(head + 8, head)
        self.last = nn.Conv2d(head, outputs, 1)

    def decoded(self, x: Tensor) -> Tensor:
        """Normalised N x 3 x H x W to the decoder's answer at the finest map's size."""
        maps = self.encoder(x)
        y = maps.pop()
        for step in self.decoder:
            skip = maps.pop()
            y = functional.interpolate(y, size=skip.shape[-2:], mode="nearest")
            y = step(torch.cat([y, skip], dim=1))
        return y

    def core(self, *pictures: Tensor) -> Tensor:
        """Pictures N x 1 x H x W, 0..1, padded to `multiple`, to logits N x classes x H x W."""
        x = self.normalised(pictures[0].expand(-1, 3, -1, -1))
        y = self.lift(self.decoded(x))
        y = functional.pixel_shuffle(y, self.finest) if self.finest > 1 else y
        return self.last(self.mix(torch.cat([y, self.beside(x)], dim=1)))

    def start_at_prior(self, logits: list[float]) -> None:
        """Set the head's bias to how rare damage is."""
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor(logits))  # type: ignore[union-attr]


class ColourTimmUNet(TimmUNet):
    """The same decoder for colour: chroma at the finest map's size, tanh * 127.5."""

    def __init__(self, encoder: str = "convnext_tiny", width: int = 256) -> None:
        super().__init__(encoder, width, outputs=2)

    def _head(self, deep: int, head: int, outputs: int) -> None:
        self.last = nn.Conv2d(deep, outputs, 1)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def core(self, *pictures: Tensor) -> Tensor:
        """Luma N x 1 x H x W, 0..1, to Cb - 128 and Cr - 128, N x 2 x H x W within 127.5."""
        x = self.normalised(pictures[0].expand(-1, 3, -1, -1))
        chroma = torch.tanh(self.last(self.decoded(x))) * 127.5
        return functional.interpolate(
            chroma, scale_factor=float(self.finest), mode="bilinear", align_corners=False
        )
