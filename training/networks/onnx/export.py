"""ONNX export, opset 17, dynamic height and width, checked against torch before it counts."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from photos.files import replacing
from training.networks.onnx.pads import merge_pads
from training.networks.padding import AnySize

NAMES = {
    "segmentation": (["luma"], "logits"),
    "inpainting": (["rgb", "mask"], "composite"),
    "colorization": (["luma"], "chroma"),
}
TOLERANCE = 1e-4


class ExportError(ValueError):
    """The exported network answers differently from torch; `difference` in units of the range."""

    def __init__(self, difference: float) -> None:
        super().__init__(f"the export differs from torch by {difference:.2g}")
        self.difference = difference


class _Core(nn.Module):
    def __init__(self, network: AnySize) -> None:
        super().__init__()
        self.network = network

    def forward(self, *pictures: Tensor) -> Tensor:
        return self.network.core(*pictures)


def to_onnx(module: AnySize, path: Path, stage: str = "segmentation") -> float:
    """Export `module.core` (sizes must be multiples of `module.multiple`, kept as metadata).

    Returns the largest difference to torch at a size other than the traced one, relative to
    the answer's own range (at least 1). Raises ExportError above 1e-4: the file is not kept.
    """
    inputs, output = NAMES[stage]
    was_training = module.training
    module.eval()
    axes = {name: {0: "batch", 2: "height", 3: "width"} for name in [*inputs, output]}
    with replacing(path) as temporary:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter without onnxscript calls itself old
            torch.onnx.export(
                _Core(module).eval(),  # else the exporter would wake the norms
                example(module, stage, 2, 2),
                temporary,
                input_names=inputs,
                output_names=[output],
                dynamic_axes=axes,
                opset_version=17,
                dynamo=False,
            )
        _finish(temporary, module, stage)
        difference = _difference(module, temporary, stage)
        module.train(was_training)
        if not difference <= TOLERANCE:
            raise ExportError(difference)
    return difference


def example(module: AnySize, stage: str, rows: int, columns: int) -> tuple[Tensor, ...]:
    """Seeded inputs of rows x columns multiples for a network of `stage`."""
    generator = torch.Generator().manual_seed(7)
    size = (rows * module.multiple, columns * module.multiple)
    channels = 3 if stage == "inpainting" else getattr(module, "channels", 1)
    picture = torch.rand(1, channels, *size, generator=generator)
    if stage != "inpainting":
        return (picture,)
    mask = torch.ones(1, 1, *size)
    mask[..., size[0] // 3 : size[0] // 2, size[1] // 4 : size[1] // 2] = 0
    return picture, mask


def _finish(path: Path, module: AnySize, stage: str) -> None:
    model = onnx.load(path)
    merge_pads(model)
    onnx.helper.set_model_props(model, {"stage": stage, "multiple": json.dumps(module.multiple)})
    onnx.save(model, path)


def _difference(module: AnySize, path: Path, stage: str) -> float:
    inputs, _ = NAMES[stage]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    pictures = example(module, stage, 3, 1)
    with torch.no_grad():
        wanted = module.core(*pictures).numpy()
    feeds = {name: picture.numpy() for name, picture in zip(inputs, pictures, strict=True)}
    found = session.run(None, feeds)[0]
    return float(np.abs(found - wanted).max() / max(1.0, float(np.abs(wanted).max())))
