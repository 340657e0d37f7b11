"""Partial convolution (Liu et al. 2018): answers depend on valid pixels only, holes shrink."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-8  # NVIDIA's; visible at the tolerance of the golden vectors


def masked(x: Tensor, mask: Tensor) -> Tensor:
    """x where the mask is valid, 0 elsewhere: NaN under a hole must not matter (NaN * 0 is NaN).

    `x` is N x C x H x W, `mask` N x 1 x H x W or of the shape of `x`, 1 = valid.
    """
    return torch.where(mask > 0, x * mask, 0.0)


def _full_precision(device: str) -> AbstractContextManager[object]:
    """No autocast; the device that only counts operations has none to turn off."""
    return nullcontext() if device == "meta" else torch.autocast(device, enabled=False)


class PartialConv2d(nn.Module):
    """y = (conv(x * m) * r + b) * m', m' = clamp(S, 0, 1), r = m' * K / (S + 1e-8).

    S sums the mask over a window, K is the window's size (times channels when every channel
    has its own mask). `forward(image N x C x H x W, mask N x 1 or N x C, 1 = valid)` returns
    the image and the grown mask (N x 1, or N x out_channels with `multi_channel`).
    No state is kept between calls.
    """

    window: Tensor

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        bias: bool = True,
        multi_channel: bool = False,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel_size, stride, padding, dilation, bias=bias
        )
        self.multi_channel = multi_channel
        self.register_buffer("window", torch.ones(1, 1, *self.conv.kernel_size), persistent=False)

    @property
    def weight(self) -> Tensor:
        """Of the convolution, C' x C x k x k."""
        return self.conv.weight

    @property
    def bias(self) -> Tensor | None:
        """Of the convolution, shape (C',), if it has one."""
        return self.conv.bias

    def forward(self, image: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(image, mask) to (answer, grown mask); masks N x 1 or N x C x H x W, 1 = valid.

        Raises ValueError for a mask of any other number of channels. Liu et al. 2018.
        """
        channels = image.shape[1]
        if mask.shape[1] not in (1, channels):
            raise ValueError(f"mask has {mask.shape[1]} channels, image {channels}: want 1 or all")
        if self.multi_channel:
            counted = mask.expand(-1, channels, -1, -1).sum(1, keepdim=True)
            ratio, grown = self.ratio(counted, channels)
        else:
            ratio, grown = self.ratio(mask[:, :1], 1)
        answer = self.convolve(masked(image, mask), ratio, grown)
        if self.multi_channel:
            grown = grown.expand(-1, answer.shape[1], -1, -1)
        return answer, grown

    def ratio(self, counted: Tensor, channels: int) -> tuple[Tensor, Tensor]:
        """(r, m') from the valid count per pixel, N x 1 x H x W in 0..channels; no gradient."""
        with torch.no_grad(), _full_precision(counted.device.type):
            exact = counted.to(torch.promote_types(counted.dtype, torch.float32))
            total = functional.conv2d(
                exact,
                self.window.to(exact.dtype),
                stride=self.conv.stride,
                padding=self.conv.padding,
                dilation=self.conv.dilation,
            )
            grown = total.clamp(0, 1)
            size = self.window.numel() * channels
            return grown * (size / (total + EPSILON)), grown

    def convolve(self, clean: Tensor, ratio: Tensor, grown: Tensor) -> Tensor:
        """The layer itself, on an image that is already zero under its holes.

        `clean` is N x C x H x W, `ratio` and `grown` N x 1 or N x C' at the answer's size: r and m'
        of the class.
        """
        conv = self.conv
        raw = functional.conv2d(clean, conv.weight, None, conv.stride, conv.padding, conv.dilation)
        if conv.bias is None:
            return raw * ratio
        return (raw * ratio + conv.bias.view(1, -1, 1, 1)) * grown


class GroupedPartialConv2d(PartialConv2d):
    """Partial convolution over concatenated maps that share one mask per group.

    S = sum of c_j * box(m_j): equal to full-channel masks at half the work.
    """

    def join(self, maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """(maps N x c_j, mask N x 1) pairs to (answer, grown mask N x 1)."""
        channels = [int(x.shape[1]) for x, _ in maps]  # constants for the exporter
        counted = sum((m * c for (_, m), c in zip(maps, channels, strict=True)), torch.zeros(()))
        clean = torch.cat([x * m for x, m in maps], dim=1)
        ratio, grown = self.ratio(counted, sum(channels))
        return self.convolve(clean, ratio, grown), grown
