"""Published graphs under the same measures as our weights."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.training.foreign import made
from training.foreign import adapters
from training.measuring.evaluate import main


@pytest.fixture
def folder(tmp_path):
    """Two photos with a bright scratch and its mask, two plain ones in colour."""
    rng = np.random.default_rng(0)
    for name in ("one", "two"):
        luma = rng.normal(100, 2, (96, 96)).clip(0, 255).astype(np.uint8)
        mask = np.zeros((96, 96), np.uint8)
        mask[:, 40:42] = 255
        luma[mask > 0] = 250
        Image.fromarray(luma).save(tmp_path / f"{name}_image.png")
        Image.fromarray(mask).save(tmp_path / f"{name}_mask.png")
    ramp = np.linspace(60, 200, 96)[None, :, None] * np.array([1.0, 0.8, 0.6])
    for name in ("warm", "again"):
        Image.fromarray(np.repeat(ramp, 96, axis=0).astype(np.uint8)).save(tmp_path / f"{name}.png")
    return tmp_path


def measured(stage, folder, path, adapter, capsys, *more):
    given = [stage, "--data", str(folder), "--weights", str(path), "--adapter", adapter, "--json"]
    assert main([*given, *more]) == 0
    return json.loads(capsys.readouterr().out)["methods"]["network"]


def test_a_detector_is_measured_at_its_own_cut(folder, tmp_path, capsys):
    path = made.scratch(tmp_path / "net.onnx")
    found = measured("segmentation", folder, path, "bopbtl-scratch", capsys)
    assert found["dice"] > 0.9 and found["auc"] > 0.99


def test_a_filler_is_measured_in_its_holes(folder, tmp_path, capsys):
    path = made.lama_stacked(tmp_path / "net.onnx")
    found = measured("inpainting", folder, path, "lama-stacked", capsys, "--only", "warm")
    assert found["psnr_holes"] > 15


def test_a_colouriser_is_measured_beside_grey(folder, tmp_path, capsys):
    path = made.deoldify(tmp_path / "net.onnx")
    given = ["colorization", "--data", str(folder), "--weights", str(path), "--json"]
    more = ["--adapter", "deoldify", "--only", "warm"]
    assert main([*given, *more]) == 0
    methods = json.loads(capsys.readouterr().out)["methods"]
    assert methods["network"]["mse_cbcr"] < 0.2 * methods["grey"]["mse_cbcr"]


def test_what_cannot_be_measured_is_said(folder, tmp_path, capsys):
    path = made.lama(tmp_path / "net.onnx")
    given = ["inpainting", "--data", str(folder), "--weights", str(path), "--adapter"]
    assert main([*given, "lama"]) == 2
    assert "measures its range at the import" in capsys.readouterr().err
    assert main([*given, "ddcolor"]) == 2
    assert "is for colorization" in capsys.readouterr().err
    own = tmp_path / "own.toml"
    own.write_text((adapters.PRESETS / "lama.toml").read_text().replace('"measured"', "[0, 255]"))
    assert main([*given, str(own), "--only", "warm"]) == 0
