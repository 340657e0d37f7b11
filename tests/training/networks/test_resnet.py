"""The encoder begins from nothing as He et al. (2015) do."""

import math

import pytest
import torch
from torch import nn

from training.networks.resnet import ResNet


@pytest.mark.parametrize(("depth", "stem"), [(18, "full"), (50, "std")])
def test_kernels_start_normal_by_what_goes_out(depth, stem):
    torch.manual_seed(0)
    kernels = [m for m in ResNet(depth, stem).modules() if isinstance(m, nn.Conv2d)]
    for kernel in kernels:
        going_out = kernel.out_channels * kernel.kernel_size[0] ** 2
        wanted = math.sqrt(2 / going_out)
        spread = 6 / math.sqrt(2 * kernel.weight.numel())
        assert float(kernel.weight.detach().std()) == pytest.approx(wanted, rel=max(0.02, spread))
        # normal and not uniform: a share of 4.6 % lies beyond two deviations
        beyond = float((kernel.weight.detach().abs() > 2 * wanted).float().mean())
        assert 0.03 < beyond < 0.07
