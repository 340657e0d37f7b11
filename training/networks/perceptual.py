"""Frozen VGG-16 features behind one interface: true VGG-16, or the edge-trained HED copy."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.published import read_tensors

# convolutions per block and channels of VGG-16's five blocks (Simonyan, Zisserman 2014)
BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
HED_MEANS = (104.007, 116.669, 122.679)  # of BGR in 0..255
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


class PerceptualFeatures(nn.Module):
    """RGB N x 3 x H x W in 0..1 to the maps relu1_2, relu2_2, relu3_3 (and relu4_3).

    `backbone` says which weights: losses from `hed` and `vgg16` are not comparable, so cards
    must name it. Frozen: no gradient ever reaches its weights, but gradients pass through.
    """

    means: Tensor
    deviations: Tensor

    def __init__(self, backbone: str = "vgg16", blocks: int = 3) -> None:
        super().__init__()
        if backbone not in ("vgg16", "hed"):
            raise ValueError(f"unknown feature backbone {backbone!r}: vgg16 or hed")
        self.backbone = backbone
        self.blocks = nn.ModuleList()
        inputs = 3
        for convolutions, channels in BLOCKS[:blocks]:
            block = nn.ModuleList()
            for _ in range(convolutions):
                block.append(nn.Conv2d(inputs, channels, 3, padding=1))
                inputs = channels
            self.blocks.append(block)
        means: tuple[float, ...]
        means, deviations = IMAGENET
        if backbone == "hed":
            means, deviations = tuple(m / 255 for m in HED_MEANS), (1 / 255,) * 3
        self.register_buffer("means", torch.tensor(means).view(1, 3, 1, 1))
        self.register_buffer("deviations", torch.tensor(deviations).view(1, 3, 1, 1))
        self.requires_grad_(False)
        super().train(False)

    def train(self, mode: bool = True) -> PerceptualFeatures:
        """Stays in eval mode."""
        return super().train(False)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        """RGB N x 3 x H x W, 0..1, to the feature maps of each stage, finest first."""
        x = rgb.flip(1) if self.backbone == "hed" else rgb
        x = (x - self.means) / self.deviations
        maps: list[Tensor] = []
        for block in self.blocks:
            x = functional.max_pool2d(x, 2) if maps else x
            for conv in block.children():
                x = functional.relu(conv(x))
            maps.append(x)
        return maps

    @classmethod
    def load(cls, path: Path, blocks: int = 3) -> PerceptualFeatures:
        """Weights from a local file: `convB_J.*` (HED) or torchvision's `features.N.*`.

        Raises ValueError naming the first key that is missing or misshapen.
        """
        tensors = read_tensors(path)
        features = cls("hed" if "conv1_1.weight" in tensors else "vgg16", blocks)
        for target, key in features._keys():
            found = tensors.get(key)
            if found is None or found.shape != target.shape:
                raise ValueError(f"{path.name} does not fit VGG-16 at {key}")
            target.data.copy_(found.float())
        return features

    def _keys(self) -> list[tuple[nn.Parameter, str]]:
        """Each parameter with its name in the backbone's file."""
        pairs: list[tuple[nn.Parameter, str]] = []
        position = 0
        for b, block in enumerate(self.blocks, start=1):
            for j, conv in enumerate(block.children(), start=1):
                hed = self.backbone == "hed"
                name = f"conv{b}_{j}" if hed else f"features.{position}"
                pairs += [(tensor, f"{name}.{kind}") for kind, tensor in conv.named_parameters()]
                position += 2
            position += 1  # the pool
        return pairs
