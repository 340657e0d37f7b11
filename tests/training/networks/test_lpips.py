"""LPIPS against its own definition, written out once more in numpy."""

import numpy as np
import pytest
import torch

from training.networks.lpips import CHANNELS, SCALE, SHIFT, Lpips
from training.networks.perceptual import PerceptualFeatures


@pytest.fixture
def files(tmp_path):
    torch.manual_seed(0)
    vgg = PerceptualFeatures("vgg16", blocks=5)
    tensors = {key: torch.randn_like(t) * 0.05 for t, key in vgg._keys()}
    torch.save(tensors, tmp_path / "vgg.pth")
    linear = {f"lin{k}.model.1.weight": torch.rand(1, c, 1, 1) for k, c in enumerate(CHANNELS)}
    torch.save(linear, tmp_path / "lin.pth")
    return tmp_path / "vgg.pth", tmp_path / "lin.pth", tensors, linear


def by_hand(picture, tensors):
    """Maps of the five blocks of a picture H x W x 3, by torchvision's numbering of layers."""
    x = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    x = (x - torch.tensor(SHIFT).view(1, 3, 1, 1)) / torch.tensor(SCALE).view(1, 3, 1, 1)
    maps, layer = [], 0
    for block in ((0, 2), (5, 7), (10, 12, 14), (17, 19, 21), (24, 26, 28)):
        if layer:
            x = torch.nn.functional.max_pool2d(x, 2)
        for layer in block:
            weight, bias = (tensors[f"features.{layer}.{kind}"] for kind in ("weight", "bias"))
            x = torch.relu(torch.nn.functional.conv2d(x, weight, bias, padding=1))
        layer = 1
        maps.append(x[0].double().numpy())
    return maps


def test_it_is_what_the_paper_defines(files):
    vgg, linear_file, tensors, linear = files
    rng = np.random.default_rng(0)
    one, other = (rng.integers(0, 256, (40, 48, 3), np.uint8) for _ in range(2))
    wanted = 0.0
    for k, (a, b) in enumerate(zip(by_hand(one, tensors), by_hand(other, tensors), strict=True)):
        a, b = (m / np.sqrt((m**2).sum(0, keepdims=True) + 1e-20) for m in (a, b))
        weight = linear[f"lin{k}.model.1.weight"].double().numpy().reshape(-1, 1, 1)
        wanted += (weight * (a - b) ** 2).sum(0).mean()
    metric = Lpips.load(vgg, linear_file)
    assert metric.of(one, other) == pytest.approx(wanted, rel=1e-4)
    assert metric.of(one, one) == 0.0
    assert metric.of(one, other) == pytest.approx(metric.of(other, one), rel=1e-5)


def test_files_that_do_not_fit_are_named(files, tmp_path):
    vgg, linear_file, _, linear = files
    linear.pop("lin3.model.1.weight")
    torch.save(linear, linear_file)
    with pytest.raises(ValueError, match=r"lin3\.model\.1\.weight"):
        Lpips.load(vgg, linear_file)
    with pytest.raises(ValueError, match="of one size from 16 px"):
        Lpips()(torch.rand(1, 3, 8, 8), torch.rand(1, 3, 8, 8))
