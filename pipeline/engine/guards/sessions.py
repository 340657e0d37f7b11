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


class Session:
    """An ONNX file with one input, N x C x H x W float32."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.session: Any = onnxruntime.InferenceSession(str(path), options, providers=providers)
        self.input = self.session.get_inputs()[0].name
        self.outputs = [value.name for value in self.session.get_outputs()]

    def __call__(self, batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        answers = self.session.run(None, {self.input: batch})
        return dict(zip(self.outputs, answers, strict=True))


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
    return {"version": VERSION, "faces": digest(FACE_MODEL), "text": digest(TEXT_MODEL)}
