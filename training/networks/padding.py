"""Sizes: every network takes any picture, pads it to its own multiple and crops the answer back."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def pad_to_multiple(picture: Tensor, multiple: int) -> Tensor:
    """Pad N x C x H x W at the right and the bottom until H and W are multiples of `multiple`.

    By reflection; by edge replication where the picture is not larger than the pad.
    """
    height, width = picture.shape[-2:]
    right, below = -width % multiple, -height % multiple
    picture = _pad(picture, (0, right, 0, 0), fits=right < width)
    return _pad(picture, (0, 0, 0, below), fits=below < height)


def _pad(picture: Tensor, amounts: tuple[int, ...], *, fits: bool) -> Tensor:
    if not any(amounts):
        return picture
    return functional.pad(picture, amounts, mode="reflect" if fits else "replicate")


class AnySize(nn.Module):
    """A network whose `core` wants multiples of `multiple`; `forward` takes every size.

    ONNX exports carry `core`: whoever runs one pads first (multiple is in its metadata).
    """

    multiple: int = 1
    means: Tensor
    deviations: Tensor

    def core(self, *pictures: Tensor) -> Tensor:
        """The network itself, on pictures N x C x H x W whose sides are multiples of `multiple`."""
        raise NotImplementedError

    def forward(self, *pictures: Tensor) -> Tensor:
        """Pictures N x C x H x W of one size to the answer at that size."""
        height, width = pictures[0].shape[-2:]
        padded = (pad_to_multiple(picture, self.multiple) for picture in pictures)
        return self.core(*padded)[..., :height, :width]

    def normalise_by(self, means: list[float], deviations: list[float]) -> None:
        """Keep the input's means and deviations as buffers: they travel with the weights."""
        self.register_buffer("means", torch.tensor(means).view(1, -1, 1, 1))
        self.register_buffer("deviations", torch.tensor(deviations).view(1, -1, 1, 1))

    def normalised(self, picture: Tensor) -> Tensor:
        """N x C x H x W, 0..1, less the means, over the deviations."""
        return (picture - self.means) / self.deviations
