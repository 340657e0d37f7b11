"""Graphs of one size: what OpenCV's dnn and a plain ONNX Runtime make of the shipped weights."""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
import torch

from training.cli import export_onnx
from training.networks.onnx.export import NAMES, example
from training.networks.weights import load

SHIPPED = Path(export_onnx.__file__).parents[1] / "weights"
WIDTH, HEIGHT = 256, 128
# Of the answer's own unit: logits, one step of 8 bits of RGB in 0..1 and of chroma.
WITHIN = {"segmentation": 1e-3, "inpainting": 1 / 255, "colorization": 1.0}


@pytest.mark.slow
@pytest.mark.parametrize("stage", sorted(NAMES))
def test_others_answer_like_torch(stage, tmp_path, capsys):
    file = tmp_path / "fixed.onnx"
    weights = str(SHIPPED / f"{stage}.safetensors")
    assert export_onnx.main([weights, str(file), "--size", f"{WIDTH}x{HEIGHT}"]) == 0
    assert "of torch" in capsys.readouterr().out
    module, _ = load(Path(weights))
    pictures = example(module, stage, HEIGHT // module.multiple, WIDTH // module.multiple)
    feeds = {name: each.numpy() for name, each in zip(NAMES[stage][0], pictures, strict=True)}
    with torch.no_grad():
        wanted = module.core(*pictures).numpy()

    network = cv2.dnn.readNetFromONNX(str(file))
    for name, array in feeds.items():
        network.setInput(array, name)
    plain = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    for found in (network.forward(), plain.run(None, feeds)[0]):
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() <= WITHIN[stage]
    assert np.ptp(wanted) > 20 * WITHIN[stage]


def test_a_size_must_suit_the_network(tmp_path, capsys):
    weights, file = str(SHIPPED / "segmentation.safetensors"), tmp_path / "odd.onnx"
    assert export_onnx.main([weights, str(file), "--size", "100x100"]) == 2
    assert "must be multiples of" in capsys.readouterr().err and not file.exists()
    with pytest.raises(SystemExit):
        export_onnx.main([weights, str(file), "--size", "large"])
