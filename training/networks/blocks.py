"""The two building blocks of our U-Nets: convolution with norm, and the basic ResNet block."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.networks.inplace_abn import NormKind, norm_and_activation


def conv_norm(
    inputs: int,
    outputs: int,
    kernel: int = 3,
    *,
    stride: int = 1,
    norm: NormKind = "batch",
    slope: float | None = 0.01,
) -> nn.Sequential:
    """A convolution without bias, its norm and its activation."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(conv, norm_and_activation(norm, outputs, slope))


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a sum (He et al. 2015); leaky ReLU after the sum."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        stride: int = 1,
        norm: NormKind = "batch",
        slope: float = 0.01,
    ) -> None:
        super().__init__()
        self.slope, self.stride, self.in_place = slope, stride, True
        self.first = conv_norm(inputs, outputs, stride=stride, norm=norm, slope=slope)
        self.second = conv_norm(outputs, outputs, norm=norm, slope=None)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = conv_norm(inputs, outputs, 1, norm=norm, slope=None)

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W to N x C' x H/stride x W/stride."""
        # A strided 1x1 convolution of fewer than 12 channels in channels-last order corrupts
        # memory in torch 2.13's CPU backward; taking every second pixel first is the same.
        fewer = x[..., :: self.stride, :: self.stride]
        y = self.second(self.first(x)) + self.shortcut(fewer)
        return functional.leaky_relu(y, self.slope, self.in_place)  # the sum is nobody else's
