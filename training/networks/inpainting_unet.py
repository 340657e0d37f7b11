"""Inpainting: a partial-convolution U-Net that learns the residual over a push-pull fill."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.inplace_abn import NormKind, norm_and_activation
from training.networks.padding import AnySize
from training.networks.partial_conv import GroupedPartialConv2d, masked
from training.networks.pull_push import box_mean, push_pull


class _Level(nn.Module):
    """A partial convolution with its norm (if any) and activation; maps travel with masks.

    With `partial` off it is an ordinary convolution, and the masks come back as they were.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int,
        norm: NormKind | None,
        slope: float | None,
        partial: bool,
    ) -> None:
        super().__init__()
        self.partial = partial
        self.conv = GroupedPartialConv2d(
            inputs, outputs, kernel, stride, kernel // 2, bias=norm is None
        )
        self.after: nn.Module = nn.Identity()
        if norm is not None:
            self.after = norm_and_activation(norm, outputs, slope)
        elif slope is not None:
            self.after = nn.LeakyReLU(slope)

    def forward(self, maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        if not self.partial:
            one = torch.ones(1, 1, 1, 1, device=maps[0][0].device)
            clean = torch.cat([x for x, _ in maps], dim=1)
            return self.after(self.conv.convolve(clean, one, one)), maps[0][1]
        answer, mask = self.conv.join(maps)
        return self.after(answer), mask


class PartialUNet(nn.Module):
    """(N x 3 x H x W, mask N x 1 x H x W) to N x 3 x H x W; sizes multiples of 2^levels.

    Kernels 7, 5, 5, 3, ... with stride 2 and widths w, 2w, 4w, 8w, 8w, ...; the decoder doubles
    features and masks, appends the skip with its own mask, and ends without norm or activation.
    With `partial` off, for comparison: ordinary convolutions that see the mask as a fourth map.
    """

    def __init__(
        self, width: int = 32, levels: int = 7, norm: NormKind = "batch", partial: bool = True
    ) -> None:
        super().__init__()
        self.partial = partial
        widths = [3 if partial else 4, *(width * min(2**level, 8) for level in range(levels))]
        kernels = [7, 5, 5, *([3] * levels)][:levels]
        self.encoder = nn.ModuleList(
            _Level(a, b, k, stride=2, norm=norm if level else None, slope=0.01, partial=partial)
            for level, (a, b, k) in enumerate(zip(widths, widths[1:], kernels, strict=False))
        )
        self.decoder = nn.ModuleList(
            _Level(
                deep + skip,
                skip if level else 3,
                3,
                stride=1,
                norm=norm if level else None,
                slope=0.2 if level else None,
                partial=partial,
            )
            for level, deep, skip in reversed(
                list(zip(range(levels), widths[1:], widths[:-1], strict=True))
            )
        )

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        """Picture N x C x H x W and validity N x 1 x H x W (1 = valid) to N x outputs x H x W."""
        if not self.partial:
            picture = torch.cat([picture * mask, mask], dim=1)
        maps = [(picture, mask)]
        for level in self.encoder:
            maps.append(level([maps[-1]]))
        deep = maps.pop()
        for level in self.decoder:
            larger = (_double(deep[0]), _double(deep[1]) if self.partial else mask)
            deep = level([larger, maps.pop()])
        return deep[0]

    def last(self) -> nn.Conv2d:
        """The convolution of the last level, which gives the picture."""
        final = self.decoder[-1]
        assert isinstance(final, _Level)  # noqa: S101 - narrows the type
        return final.conv.conv


def _double(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class ResidualInpainter(AnySize):
    """forward(rgb N3HW in 0..1, mask N1HW, 1 = valid) to the composite N3HW.

    out = P + f(x - M): P the push-pull fill, M its 16-px box mean, f a PartialUNet whose last
    layer starts at zero, so that step 0 equals push-pull. Valid pixels come back bit-identical
    and nothing under a hole, NaN included, reaches the answer. Hole pixels may leave 0..1 by a
    little: whoever quantises clips.
    """

    def __init__(
        self,
        width: int = 32,
        levels: int = 7,
        norm: NormKind = "batch",
        fill: bool = True,
        partial: bool = True,
    ) -> None:
        super().__init__()
        self.multiple = max(2**levels, 16)
        self.levels, self.fill = levels, fill
        self.unet = PartialUNet(width, levels, norm, partial)
        self.normalise_by([0.0] * 3 if fill else [0.5] * 3, [0.25] * 3)
        if fill:
            nn.init.zeros_(self.unet.last().weight)
            nn.init.zeros_(self.unet.last().bias)  # type: ignore[arg-type]

    def core(self, *pictures: Tensor) -> Tensor:
        """RGB N x 3 x H x W, 0..1, and validity N x 1 x H x W; valid pixels come back alike."""
        rgb, mask = pictures
        return torch.where(mask > 0, rgb, self.raw(rgb, mask))

    def raw(self, rgb: Tensor, mask: Tensor) -> Tensor:
        """The network's own picture, valid pixels included (what the losses look at)."""
        clean = masked(rgb, mask)
        if not self.fill:
            return self.unet(self.normalised(clean), mask) * self.deviations + self.means
        filled = push_pull(clean, mask, self.levels)
        residual = self.unet(self.normalised(clean - box_mean(filled)), mask)
        return filled + residual * self.deviations
