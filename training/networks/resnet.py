"""ResNet encoders 18, 34 and 50 under torchvision's key names, with three stems."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.abn_conversion import to_abn
from training.networks.inplace_abn import InPlaceABN, NormKind, norm_of
from training.networks.published import fitted, read_tensors

Stem = Literal["full", "half", "std"]
SLOPE = 0.01  # of in-place ABN, which cannot be inverted through ReLU
LAYERS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


def _norm(kind: NormKind, channels: int, *, activated: bool = True) -> nn.Module:
    """The norm before an activation, which in-place ABN holds itself, or before a sum."""
    if kind == "abn":
        return InPlaceABN(channels, activation="leaky_relu" if activated else "identity")
    return norm_of(kind, channels)


def _activated(norm: nn.Module, x: Tensor) -> Tensor:
    """Norm and activation: ReLU, or what in-place ABN has inside."""
    return norm(x) if isinstance(norm, InPlaceABN) else functional.relu(norm(x))


def _summed(norm: nn.Module, x: Tensor, shortcut: Tensor) -> Tensor:
    """The activation of a block's sum, the same as inside the block."""
    if isinstance(norm, InPlaceABN):
        return functional.leaky_relu(norm(x) + shortcut, SLOPE)
    return functional.relu(norm(x) + shortcut)


class _Shortcut(nn.Sequential):
    """`downsample.0` (1x1 convolution) and `downsample.1` (norm), as torchvision names them."""

    def __init__(self, inputs: int, outputs: int, stride: int, norm: NormKind) -> None:
        super().__init__(_conv(inputs, outputs, 1), _norm(norm, outputs, activated=False))
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x[..., :: self.stride, :: self.stride])


class _Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int, norm: NormKind) -> None:
        super().__init__()
        self.conv1, self.bn1 = _conv(inputs, width, 3, stride), _norm(norm, width)
        self.conv2, self.bn2 = _conv(width, width, 3), _norm(norm, width, activated=False)
        self.downsample = _Shortcut(inputs, width, stride, norm) if inputs != width else None

    def forward(self, x: Tensor) -> Tensor:
        y = _activated(self.bn1, self.conv1(x))
        shortcut = x if self.downsample is None else self.downsample(x)
        return _summed(self.bn2, self.conv2(y), shortcut)


class _Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int, norm: NormKind) -> None:
        super().__init__()
        outputs = 4 * width
        self.conv1, self.bn1 = _conv(inputs, width, 1), _norm(norm, width)
        self.conv2, self.bn2 = _conv(width, width, 3, stride), _norm(norm, width)
        self.conv3, self.bn3 = _conv(width, outputs, 1), _norm(norm, outputs, activated=False)
        self.downsample = _Shortcut(inputs, outputs, stride, norm) if inputs != outputs else None

    def forward(self, x: Tensor) -> Tensor:
        y = _activated(self.bn1, self.conv1(x))
        y = _activated(self.bn2, self.conv2(y))
        shortcut = x if self.downsample is None else self.downsample(x)
        return _summed(self.bn3, self.conv3(y), shortcut)


class ResNet(nn.Module):
    """N x channels x H x W to the maps c2, c3, c4, c5 of layer1..layer4.

    Strides of c2..c5: stem `full` (3x3, no pool) 1, 2, 4, 8; `half` (7x7 stride 2, no pool)
    2, 4, 8, 16; `std` (with pool) 4, 8, 16, 32. With `norm` "abn" activations are leaky ReLU.
    """

    def __init__(
        self, depth: int = 18, stem: Stem = "std", channels: int = 3, norm: NormKind = "batch"
    ) -> None:
        super().__init__()
        if depth not in LAYERS:
            raise ValueError(f"no ResNet-{depth}: 18, 34 or 50")
        if stem not in ("full", "half", "std"):
            raise ValueError(f"unknown stem {stem!r}: full, half or std")
        self.stem, self.norm = stem, norm
        self.conv1 = _conv(channels, 64, 3) if stem == "full" else _conv(channels, 64, 7, 2)
        self.bn1 = _norm(norm, 64)
        block = _Bottleneck if depth == 50 else _Basic
        inputs = 64
        for number, (width, count) in enumerate(
            zip((64, 128, 256, 512), LAYERS[depth], strict=True), start=1
        ):
            blocks: list[nn.Module] = []
            for index in range(count):
                stride = 2 if number > 1 and index == 0 else 1
                blocks.append(block(inputs, width, stride, norm))
                inputs = width * block.expansion
            self.add_module(f"layer{number}", nn.Sequential(*blocks))
        self.channels = [width * block.expansion for width in (64, 128, 256, 512)]
        for part in self.modules():
            if isinstance(part, nn.Conv2d):  # as He et al. (2015) begin from nothing
                nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> list[Tensor]:
        """N x 3 x H x W, normalised, to the maps of the four stages, finest first."""
        x = _activated(self.bn1, self.conv1(x))
        if self.stem == "std":
            x = functional.max_pool2d(x, 3, 2, 1)
        maps = []
        for number in range(1, 5):
            x = self.get_submodule(f"layer{number}")(x)
            maps.append(x)
        return maps

    def load_published(self, path: Path) -> None:
        """Weights from a torchvision file (`fc.*` dropped); luma repeats as three planes.

        Stem `full` takes the centre 3x3 of each 7x7 filter, scaled to its old L1 norm, and
        resets bn1's statistics. Norms become in-place ABN exactly; its leaky ReLU where the file
        was trained with ReLU does not. Raises ValueError naming the first key that does not fit.
        """
        published = read_tensors(path)
        stem = published.get("conv1.weight")
        if self.stem == "full" and stem is not None and stem.shape[-1] == 7:
            published = published | _cropped_stem(published)
        if self.norm == "abn":
            published = to_abn(published)
        kept = fitted(
            self.state_dict(), published, file=path.name, network="this ResNet", head=("fc.",)
        )
        self.load_state_dict(kept)


def _cropped_stem(published: dict[str, Tensor]) -> dict[str, Tensor]:
    whole = published["conv1.weight"]
    centre = whole[..., 2:5, 2:5]
    norms = [w.abs().sum((1, 2, 3), keepdim=True) for w in (whole, centre)]
    mean, variance = published["bn1.running_mean"], published["bn1.running_var"]
    return {
        "conv1.weight": centre * (norms[0] / norms[1].clamp_min(1e-12)),
        "bn1.running_mean": torch.zeros_like(mean),
        "bn1.running_var": torch.ones_like(variance),
    }
