"""Encoders of timm: their maps, their files, what is refused. With timm itself where it is there."""

import pytest
import torch
from safetensors.torch import save_file

from tests.training.networks import stand_in_timm
from training.networks import timm_unet
from training.networks.registry import build
from training.networks.timm_unet import TimmEncoder


@pytest.fixture
def stand_in(monkeypatch):
    monkeypatch.setattr(timm_unet, "_timm", lambda: stand_in_timm)


def test_maps_tell_channels_and_sizes(stand_in):
    encoder = TimmEncoder("coarse")
    assert (encoder.channels, encoder.reductions) == ([8, 16], [4, 8])
    network = build("segmentation", "timm", encoder="coarse", width=16)
    assert network.multiple == 8
    assert network.means.flatten().tolist() == pytest.approx([0.4, 0.5, 0.6])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hf-hub:timm/resnet18", "knows no encoder"),
        ("/etc/passwd", "knows no encoder"),
        ("flat", "ever smaller size"),
        ("odd", "do not divide"),
    ],
)
def test_what_is_no_pyramid_is_refused_by_name(stand_in, name, reason):
    with pytest.raises(ValueError, match=reason) as refused:
        build("segmentation", "timm", encoder=name)
    assert name in str(refused.value)


def test_without_timm_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "timm", None)
    with pytest.raises(ValueError, match=r"requirements-gpu\.txt"):
        build("colorization", "timm")


def test_a_file_of_weights_is_taken_or_refused(stand_in, tmp_path):
    told = stand_in_timm.Maps(stand_in_timm.NAMES["small"])
    save_file(told.state_dict(), tmp_path / "small.safetensors")
    encoder = TimmEncoder("small")
    encoder.load_published(tmp_path / "small.safetensors")
    for name, value in told.state_dict().items():
        assert torch.equal(encoder.features.state_dict()[name], value)
    with pytest.raises(ValueError, match="does not fit coarse"):
        TimmEncoder("coarse").load_published(tmp_path / "small.safetensors")
    with pytest.raises(ValueError, match=r"wants its \.safetensors"):
        encoder.load_published(tmp_path / "small.pth")


@pytest.mark.parametrize("name", ["resnet18", "convnext_atto", "mobilenetv3_small_050"])
def test_architectures_of_timm_itself(name, tmp_path):
    timm = pytest.importorskip("timm", exc_type=ImportError)
    whole = timm.create_model(name, pretrained=False).eval()
    save_file(
        {k: v.contiguous() for k, v in whole.state_dict().items()}, tmp_path / "w.safetensors"
    )
    encoder = TimmEncoder(name).eval()
    encoder.load_published(tmp_path / "w.safetensors")
    picture = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.equal(encoder(picture)[-1], whole.forward_features(picture))
