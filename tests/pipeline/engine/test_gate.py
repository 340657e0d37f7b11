"""The gate: a true export passes, a wrong one does not, whatever the reason."""

import pytest

from pipeline.engine import gate
from pipeline.engine.runtimes import export
from tests.pipeline.engine.tiny import ARGUMENTS, weight_file


@pytest.mark.parametrize("stage", list(ARGUMENTS))
def test_a_true_export_passes(tmp_path, stage):
    facts = gate.check(weight_file(tmp_path, stage), threads=1)
    assert facts["passed"], facts["reason"]
    assert len(facts["onnx_sha256"]) == 64


def test_a_swapped_export_fails(tmp_path):
    import numpy as np
    import onnx
    from onnx import numpy_helper

    weights = weight_file(tmp_path, "segmentation")
    path = tmp_path / "wrong.onnx"
    export(weights, path)
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.ndim == 4:
            tensor.CopyFrom(numpy_helper.from_array((values * np.float32(1.1)), tensor.name))
    onnx.save(model, path)
    facts = gate.check(weights, onnx_path=path, threads=1)
    assert not facts["passed"]
    assert facts["max_probability_error"] > gate.MAX_PROBABILITY_ERROR


def test_a_broken_export_fails_with_its_reason(tmp_path):
    weights = weight_file(tmp_path, "inpainting")
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no network")
    facts = gate.check(weights, onnx_path=path)
    assert not facts["passed"]
    assert facts["reason"].startswith("the export could not be compared")
