"""Zero pads in front of convolutions become the convolutions' own."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn
from torch.nn import functional

from training.networks.onnx.pads import merge_pads


class Padded(nn.Module):
    def __init__(self, amounts, **more):
        super().__init__()
        self.conv, self.amounts, self.more = nn.Conv2d(2, 3, 3, 2, padding=1), amounts, more

    def forward(self, x):
        return self.conv(functional.pad(x, self.amounts, **self.more))


def export(network, path):
    axes = {"x": {2: "height", 3: "width"}}
    torch.onnx.export(
        network.eval(), torch.zeros(1, 2, 8, 8), path, input_names=["x"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    return onnx.load(path)


def answers(model, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, {"x": x})[0]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("amounts", [(0, 1, 0, 1), (1, 2, 0, 3)])
def test_the_answers_are_the_same_to_the_last_bit(tmp_path, amounts):
    model = export(Padded(amounts), tmp_path / "n.onnx")
    x = np.random.default_rng(1).random((1, 2, 13, 10), np.float32)
    before = answers(model, x)
    assert merge_pads(model) == 1
    assert "Pad" not in [node.op_type for node in model.graph.node]
    onnx.checker.check_model(model, full_check=True)
    np.testing.assert_array_equal(answers(model, x), before)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("more", [{"mode": "reflect"}, {"value": 1.0}])
def test_other_pads_stay(tmp_path, more):
    model = export(Padded((0, 1, 0, 1), **more), tmp_path / "n.onnx")
    assert merge_pads(model) == 0
    assert "Pad" in [node.op_type for node in model.graph.node]
