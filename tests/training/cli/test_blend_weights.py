import pytest
import torch

from photos.files import sha256
from training.cli import blend_weights
from training.networks import weights
from training.networks.registry import build


def saved(path, level, width=8, **more):
    network = build("segmentation", "lite", width=width)
    with torch.no_grad():
        for value in network.state_dict().values():
            if value.is_floating_point():
                value.fill_(level)
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": width}}
    weights.save(path, network, card | more)
    return path


def test_a_blend_lies_between_both(tmp_path):
    young = saved(
        tmp_path / "young.safetensors",
        1.0,
        images_seen=300,
        notes="young",
        credits=["ann"],
        score=0.4,
    )
    old = saved(tmp_path / "old.safetensors", 3.0, blended=[100, 200], credits=["bob"])
    target = tmp_path / "new" / "both.safetensors"
    assert blend_weights.main([str(young), str(old), str(target), "--share", "0.75"]) == 0
    network, card = weights.load(target)
    levels = [v for v in network.state_dict().values() if v.is_floating_point()]
    assert all(torch.allclose(v, torch.full_like(v, 1.5)) for v in levels)
    assert card["blended"] == [300, 100, 200] and card["notes"] == "young"
    assert card["credits"] == ["ann", "bob"] and "score" not in card
    assert card["blend_of"] == {sha256(young): 0.75, sha256(old): 0.25}


def test_different_networks_and_shares_are_refused(tmp_path, capsys):
    young, other = saved(tmp_path / "a.safetensors", 1.0), saved(tmp_path / "b.safetensors", 1, 16)
    target = tmp_path / "both.safetensors"
    assert blend_weights.main([str(young), str(other), str(target)]) == 2
    assert "arguments" in capsys.readouterr().err
    assert blend_weights.main([str(young), str(young), str(target), "--share", "1.5"]) == 2
    assert blend_weights.main([str(young), str(tmp_path / "none"), str(target)]) == 2
    assert not target.exists()
    with pytest.raises(ValueError):
        blend_weights.blend(young, young, target, -0.1)
