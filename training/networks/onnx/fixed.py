"""Exports of one fixed size for other programs: OpenCV's dnn, onnxruntime-web, plain ONNX Runtime.

Their readers refuse graphs whose shapes are computed from the input. Here nothing is: one picture,
one size, and what depends on neither is folded into constants.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from photos.files import replacing
from training.networks.onnx.export import NAMES, TOLERANCE, ExportError, _Core, example
from training.networks.onnx.pads import merge_pads
from training.networks.padding import AnySize

OPSET = 17


def to_fixed_onnx(
    module: AnySize, path: Path, stage: str, *, height: int = 512, width: int = 512
) -> float:
    """Export `module.core` for pictures 1 x C x height x width alone.

    Returns the largest difference to torch, relative to the answer's range (at least 1). Raises
    ValueError where a side is no multiple of the network's, ExportError above 1e-4.
    """
    multiple = module.multiple
    if height < multiple or width < multiple or height % multiple or width % multiple:
        raise ValueError(f"Height and width must be multiples of {multiple} px.")
    was_training = module.training
    module.eval()
    inputs, output = NAMES[stage]
    pictures = example(module, stage, height // multiple, width // multiple)
    with replacing(path) as temporary, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter without onnxscript calls itself old
        torch.onnx.export(
            _Core(module).eval(),
            pictures,
            temporary,
            input_names=inputs,
            output_names=[output],
            opset_version=OPSET,
            dynamo=False,
        )
        _folded(temporary, stage, multiple)
        found = onnxruntime.InferenceSession(temporary, providers=["CPUExecutionProvider"]).run(
            None, {n: p.numpy() for n, p in zip(inputs, pictures, strict=True)}
        )[0]
        wanted = module.core(*pictures).numpy()
        difference = float(np.abs(found - wanted).max() / max(1.0, float(np.abs(wanted).max())))
        module.train(was_training)
        if not difference <= TOLERANCE:
            raise ExportError(difference)
    return difference


def _folded(path: Path, stage: str, multiple: int) -> None:
    """What needs no input becomes a constant, by ONNX Runtime's own first level, which keeps to
    operators of the standard."""
    model = onnx.load(path)
    merge_pads(model)
    with tempfile.TemporaryDirectory() as folder:
        plain, lean = Path(folder) / "plain.onnx", Path(folder) / "lean.onnx"
        onnx.save(model, plain)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(lean)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(plain, options, providers=["CPUExecutionProvider"])
        model = onnx.load(lean)
    keep = [each for each in model.opset_import if each.domain in ("", "ai.onnx")]
    del model.opset_import[:]
    model.opset_import.extend(keep)
    onnx.helper.set_model_props(model, {"stage": stage, "multiple": json.dumps(multiple)})
    onnx.save(model, path)
