"""Weights learnt with batch norm, rewritten for in-place ABN: the same function of the input."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from training.networks.published import COUNTER

EPS = 1e-5  # of in-place ABN, whose scale is |weight| + EPS


def to_abn(tensors: Mapping[str, Tensor], eps: float = EPS) -> dict[str, Tensor]:
    """A ResNet's tensors under torchvision's names, each in its shape, for norms of in-place ABN.

    ABN's scale is positive. A negative one moves its sign into the convolution before the norm and
    into the running mean; one below `eps` is made up for there as well. In eval mode the maps are
    those of batch norm, for every weight; in training, whose statistics are the batch's own, a
    channel below `eps` may vary by up to `eps` times its normalised value.
    """
    found = {key: value for key, value in tensors.items() if not key.endswith(COUNTER)}
    for key in tensors:
        norm, _, kind = key.rpartition(".")
        if kind == "running_mean":
            _convert(found, norm, _convolution_before(norm), eps)
    return found


def _convolution_before(norm: str) -> str:
    """`layer1.0.bn2` -> `layer1.0.conv2`, `layer2.0.downsample.1` -> `layer2.0.downsample.0`."""
    block, _, name = norm.rpartition(".")
    before = "0" if name == "1" else name.replace("bn", "conv")
    return f"{block}.{before}" if block else before


def _convert(found: dict[str, Tensor], norm: str, convolution: str, eps: float) -> None:
    weight = found.get(f"{norm}.weight")
    kernel = found.get(f"{convolution}.weight")
    if weight is None or kernel is None:
        raise ValueError(
            f"{norm} cannot become in-place ABN: its weight or {convolution} is missing"
        )
    size = weight.abs()
    turned = torch.where(weight < 0, -1.0, 1.0) * torch.where(size < eps, size / eps, 1.0)
    found[f"{norm}.weight"] = (size - eps).clamp_min(0)
    found[f"{norm}.running_mean"] = found[f"{norm}.running_mean"] * turned
    found[f"{convolution}.weight"] = kernel * turned.view(-1, 1, 1, 1)
