"""A pretrained ResNet keeps its function when its norms become in-place ABN."""

import pytest
import torch
from torch.nn import functional

from training.networks import resnet
from training.networks.abn_conversion import EPS, to_abn
from training.networks.inplace_abn import FreezableSyncBatchNorm, InPlaceABN, norm_of
from training.networks.resnet import ResNet


def learnt(depth, stem):
    """A ResNet as training leaves it: scales of either sign, near zero and zero."""
    torch.manual_seed(depth)
    network = ResNet(depth, stem).double().eval()
    for name, value in network.state_dict().items():
        if name.endswith("running_var"):
            value.uniform_(0.5, 2)
        elif "running_mean" in name or name.endswith(
            ("bn1.bias", "bn2.bias", "bn3.bias", "1.bias")
        ):
            value.normal_(0, 0.3)
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.weight.data.normal_(0, 1)
            part.weight.data[:4] = torch.tensor([0.0, 1e-7, -3e-6, -2e-5])
    return network


@pytest.mark.parametrize(("depth", "stem"), [(18, "full"), (34, "half"), (50, "std")])
def test_the_converted_norms_are_the_same_function(depth, stem, monkeypatch):
    plain = learnt(depth, stem)
    converted = ResNet(depth, stem, norm="abn").double().eval()
    converted.load_state_dict(to_abn(plain.state_dict()))
    norms = [part for part in converted.modules() if isinstance(part, InPlaceABN)]
    assert len(norms) == sum(isinstance(p, torch.nn.BatchNorm2d) for p in plain.modules())
    assert all((norm.weight >= 0).all() for norm in norms)
    picture = torch.randn(1, 3, 64, 64, dtype=torch.float64)
    # the activation is the network's choice, not the conversion's: leaky ReLU in both
    monkeypatch.setattr(resnet.functional, "relu", lambda x: functional.leaky_relu(x, 0.01))
    with torch.no_grad():
        for found, wanted in zip(converted(picture), plain(picture), strict=True):
            torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-9 * float(wanted.std()))


def test_training_statistics_agree_where_the_scale_is_above_eps():
    torch.manual_seed(0)
    plain, block = ResNet(18, "full").double(), "layer1.0"
    plain.get_submodule(f"{block}.bn2").weight.data.normal_(0, 1)
    converted = ResNet(18, "full", norm="abn").double()
    converted.load_state_dict(to_abn(plain.state_dict()))
    x = torch.randn(2, 64, 8, 8, dtype=torch.float64)
    found, wanted = (
        net.get_submodule(f"{block}.bn2")(net.get_submodule(f"{block}.conv2")(x))
        for net in (converted, plain)
    )
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-9)
    signs = torch.where(plain.get_submodule(f"{block}.bn2").weight < 0, -1.0, 1.0)
    torch.testing.assert_close(
        converted.get_submodule(f"{block}.bn2").running_mean,
        plain.get_submodule(f"{block}.bn2").running_mean * signs,
    )


def test_a_published_file_reaches_a_network_with_abn(tmp_path):
    plain = learnt(18, "half")
    torch.save(plain.state_dict() | {"fc.weight": torch.zeros(3, 512)}, tmp_path / "r.pth")
    network = ResNet(18, "half", norm="abn")
    network.load_published(tmp_path / "r.pth")
    wanted = plain.layer1[0].bn1.weight.abs() - EPS
    torch.testing.assert_close(
        network.layer1[0].bn1.weight.detach(), wanted.clamp_min(0).float().detach()
    )


def test_the_full_stem_is_cropped_before_it_is_converted(tmp_path):
    torch.save(ResNet(18, "std").state_dict(), tmp_path / "r.pth")
    network = ResNet(18, "full", norm="abn")
    network.load_published(tmp_path / "r.pth")
    assert network.conv1.weight.shape[-1] == 3 and (network.bn1.running_var == 1).all()


def test_a_norm_without_its_convolution_is_named():
    with pytest.raises(ValueError, match=r"bn1 cannot become in-place ABN"):
        to_abn({"bn1.weight": torch.ones(2), "bn1.running_mean": torch.zeros(2)})


def test_synchronised_batch_norm_is_batch_norm_on_one_processor():
    torch.manual_seed(0)
    plain, synced = norm_of("batch", 3), norm_of("sync", 3)
    assert isinstance(synced, FreezableSyncBatchNorm)
    assert plain.state_dict().keys() == synced.state_dict().keys()
    x = torch.randn(2, 3, 4, 4)
    torch.testing.assert_close(synced(x), plain(x))
    torch.testing.assert_close(synced.running_var, plain.running_var)
    synced.freeze()
    assert not synced.train().training
    with pytest.raises(ValueError, match="unknown norm 'group'"):
        norm_of("group", 3)
