"""Exact rewrites of norms: batch norm into in-place ABN, and a norm into its convolution."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from training.networks.inplace_abn import Activation, InPlaceABN


@torch.no_grad()
def abn_from_batch_norm(
    norm: nn.BatchNorm2d,
    before: nn.Conv2d | None = None,
    activation: Activation = "identity",
    slope: float = 0.01,
) -> InPlaceABN:
    """An ABN that answers like `norm` followed by the activation.

    gamma_new = max(|gamma| - eps, 0). ABN knows no negative scale: where gamma < 0 the output
    channels of `before` (which feeds the norm) are negated in place, and the running mean too.
    Raises ValueError when that is needed and `before` is None.
    """
    new = InPlaceABN(norm.num_features, norm.eps, norm.momentum or 0.1, activation, slope)
    new = new.to(norm.weight.dtype)
    assert norm.running_mean is not None and norm.running_var is not None  # noqa: S101
    negative = norm.weight < 0
    mean = torch.where(negative, -norm.running_mean, norm.running_mean)
    if negative.any():
        if before is None:
            raise ValueError("a negative scale needs the convolution before the norm")
        _negate(before, negative)
    new.weight.copy_((norm.weight.abs() - norm.eps).clamp_min(0))
    new.bias.copy_(norm.bias)
    new.running_mean.copy_(mean)
    new.running_var.copy_(norm.running_var)
    return new.train(norm.training)


def _negate(conv: nn.Conv2d, channels: Tensor) -> None:
    conv.weight[channels] *= -1
    if conv.bias is not None:
        conv.bias[channels] *= -1


@torch.no_grad()
def folded(conv: nn.Conv2d, norm: nn.BatchNorm2d | InPlaceABN) -> nn.Conv2d:
    """A convolution equal to `conv` then `norm` in eval mode; the activation stays outside."""
    assert norm.running_mean is not None and norm.running_var is not None  # noqa: S101
    scale = norm.weight.abs() + norm.eps if isinstance(norm, InPlaceABN) else norm.weight
    factor = scale * torch.rsqrt(norm.running_var + norm.eps)
    new = copy.deepcopy(conv)
    start = torch.zeros_like(norm.running_mean) if conv.bias is None else conv.bias
    new.weight.mul_(factor.view(-1, 1, 1, 1))
    new.bias = nn.Parameter((start - norm.running_mean) * factor + norm.bias)
    return new
