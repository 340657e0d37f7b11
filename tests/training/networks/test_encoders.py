"""Encoders: shapes and strides of their maps, and weights from files by published names."""

import pytest
import torch

from training.networks.efficientnet_lite import TAP_CHANNELS, EfficientNetLite0
from training.networks.resnet import ResNet

STRIDES = {"full": (1, 2, 4, 8), "half": (2, 4, 8, 16), "std": (4, 8, 16, 32)}


@pytest.mark.parametrize("stem", STRIDES)
def test_resnet_maps_have_their_strides(stem):
    maps = ResNet(18, stem).eval()(torch.rand(1, 3, 64, 64))
    assert [64 // m.shape[-1] for m in maps] == list(STRIDES[stem])


@pytest.mark.parametrize(("depth", "millions"), [(18, 11.18), (34, 21.28), (50, 23.51)])
def test_resnets_have_the_published_number_of_parameters(depth, millions):
    with torch.device("meta"):
        count = sum(p.numel() for p in ResNet(depth).parameters())
    assert count / 1e6 == pytest.approx(millions, abs=0.01)


def published_of(network, path):
    """A file as torchvision writes it, with the head that encoders drop."""
    tensors = {
        k: torch.randn_like(v) if v.is_floating_point() else v
        for k, v in network.state_dict().items()
    }
    torch.save(tensors | {"fc.weight": torch.zeros(10, 512)}, path)
    return tensors


def test_resnet_weights_load_by_name(tmp_path):
    tensors = published_of(ResNet(18), tmp_path / "r.pth")
    network = ResNet(18, "half")
    network.load_published(tmp_path / "r.pth")
    assert all(torch.equal(v, tensors[k]) for k, v in network.state_dict().items())


def test_the_full_stem_takes_the_centre_at_the_old_weight(tmp_path):
    tensors = published_of(ResNet(18), tmp_path / "r.pth")
    network = ResNet(18, "full")
    network.load_published(tmp_path / "r.pth")
    found, whole = network.conv1.weight, tensors["conv1.weight"]
    torch.testing.assert_close(found.abs().sum((1, 2, 3)), whole.abs().sum((1, 2, 3)))
    ratio = found / whole[..., 2:5, 2:5]
    torch.testing.assert_close(ratio[:, 0, 0, 0], ratio[:, 2, 2, 2])
    assert not network.bn1.running_mean.any() and (network.bn1.running_var == 1).all()


def test_a_missing_key_is_named(tmp_path):
    tensors = published_of(ResNet(18), tmp_path / "r.pth")
    del tensors["layer3.0.downsample.0.weight"]
    torch.save(tensors, tmp_path / "r.pth")
    with pytest.raises(ValueError, match=r"layer3\.0\.downsample\.0\.weight"):
        ResNet(18).load_published(tmp_path / "r.pth")


def test_unknown_depths_and_stems_are_refused():
    with pytest.raises(ValueError, match="no ResNet-20"):
        ResNet(20)
    with pytest.raises(ValueError, match="unknown stem 'tall'"):
        ResNet(18, "tall")


def test_lite_encoder_maps_halve_five_times():
    maps = EfficientNetLite0(1).eval()(torch.rand(1, 1, 64, 96))
    assert [m.shape[1] for m in maps] == list(TAP_CHANNELS)
    assert [64 // m.shape[2] for m in maps] == [2, 4, 8, 16, 32]


@torch.no_grad()
def test_a_grey_stem_sums_the_filters_of_a_colour_one(tmp_path):
    torch.manual_seed(0)
    colour, grey = EfficientNetLite0(3).eval(), EfficientNetLite0(1).eval()
    torch.save(colour.state_dict() | {"_fc.weight": torch.zeros(1)}, tmp_path / "e.pth")
    grey.load_published(tmp_path / "e.pth")
    x = torch.randn(1, 1, 64, 64)
    for found, wanted in zip(grey(x), colour(x.expand(-1, 3, -1, -1)), strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)
