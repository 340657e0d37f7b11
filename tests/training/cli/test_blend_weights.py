"""A mean of two networks: each tensor, both origins on its card, and what is refused."""

import pytest
import torch

from training.cli.blend_weights import main
from training.networks import weights
from training.networks.registry import build


def network(path, value, stage="colorization", **card):
    made = build(stage, "lite_unet" if stage == "colorization" else "lite", width=8)
    made.load_state_dict(
        {
            k: torch.full_like(v, value) if v.is_floating_point() else v
            for k, v in made.state_dict().items()
        }
    )
    name = "lite_unet" if stage == "colorization" else "lite"
    facts = {"stage": stage, "network": name, "arguments": {"width": 8}, "images_seen": 5}
    weights.save(path, made, facts | card)
    return path


def test_a_mean_has_its_share_of_both_and_the_credits_of_both(tmp_path):
    first = network(tmp_path / "a.safetensors", 1.0, credits=["ann"], images_seen=7)
    second = network(tmp_path / "b.safetensors", 2.0, credits=["bob"], score=0.4, seed=3)
    target = tmp_path / "c.safetensors"
    assert main([str(first), str(second), "0.25", str(target)]) == 0
    mixed, card = weights.load(target)
    values = [v for v in mixed.state_dict().values() if v.is_floating_point()]
    assert all(torch.allclose(v.float(), torch.full_like(v.float(), 1.25)) for v in values)
    assert (card["credits"], card["seed"]) == (["ann", "bob"], 3)
    assert card["blended_with"] == {"images_seen": 7, "share": 0.75} and "score" not in card


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan"])
def test_no_share_is_refused(share, tmp_path, capsys):
    path = str(network(tmp_path / "a.safetensors", 1.0))
    assert main([path, path, "--", share, str(tmp_path / "c.safetensors")]) == 2
    assert "between 0 and 1" in capsys.readouterr().err


def test_networks_of_two_builds_have_no_mean(tmp_path, capsys):
    paths = [
        network(tmp_path / "a.safetensors", 1.0),
        network(tmp_path / "b.safetensors", 1.0, stage="segmentation"),
    ]
    assert main([*map(str, paths), "0.5", str(tmp_path / "c.safetensors")]) == 2
    assert "different builds" in capsys.readouterr().err
    assert main([str(paths[0]), str(tmp_path / "none"), "0.5", str(tmp_path / "c")]) == 2
