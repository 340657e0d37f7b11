"""The detectors that ship with the guards: opened once a process, named by their digests."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.files import sha256
from pipeline.engine.guards import VERSION

MODELS = Path(__file__).parent / "models"
FACE_MODEL = MODELS / "yunet_n_640_640.onnx"
TEXT_MODEL = MODELS / "PP-OCRv6_det_small.onnx"
SECOND_LOOK = MODELS / "second_look.onnx"


class Session:
    """An ONNX file with one input, N x C x H x W float32; its strides divide H and W."""

    def __init__(self, path: Path, threads: int) -> None:
        self.session = running(_of_any_size(path), threads)
        self.input = self.session.get_inputs()[0].name
        self.outputs = [value.name for value in self.session.get_outputs()]

    def __call__(self, batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        answers = self.session.run(None, {self.input: batch})
        return dict(zip(self.outputs, answers, strict=True))


def running(model: bytes, threads: int = 1) -> Any:
    """An ONNX file's content, opened by the runtime that spins on no idle core."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _of_any_size(path: Path) -> bytes:
    """The file with its input's height and width left open: a fixed square is padded for nothing.

    Neither network here has a layer that knows its size.
    """
    import onnx

    model = onnx.load(path)
    sides = model.graph.input[0].type.tensor_type.shape.dim[2:]
    for side, name in zip(sides, ("height", "width"), strict=True):
        side.dim_param = name
    for answer in model.graph.output:
        for number, side in enumerate(answer.type.tensor_type.shape.dim[1:], 1):
            side.dim_param = f"{answer.name}_{number}"
    del model.graph.value_info[:]
    return bytes(model.SerializeToString())


@cache
def opened(path: Path, threads: int = 1) -> Session:
    """The session of a file, kept; 0 threads lets the runtime take the cores there are.

    One is a fifth cheaper than two on looks so small.
    """
    return Session(path, threads)


@cache
def digest(path: Path) -> str:
    """SHA-256 of a shipped file: part of what names a result."""
    return sha256(path)


def guards_named() -> dict[str, str | int]:
    """What names the guards that made a result: their version and their models' digests."""
    models = {"faces": FACE_MODEL, "text": TEXT_MODEL, "second_look": SECOND_LOOK}
    return {"version": VERSION, **{name: digest(path) for name, path in models.items()}}
