"""What runs a network: ONNX Runtime (the default on a CPU) or torch (fallback, reference).

A runtime is called with planes h x w (x C) of float32 and answers h x w (x K) of any size: it
pads to its multiple by reflection and crops back. The rivals in `rivals.py` are called alike.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photos.files import replacing, sha256
from training.imaging.padding import crop_like, pad_to_multiple

Plane = NDArray[np.float32]
ENGINES = ("auto", "onnx", "torch", "torch-bf16")


class Runtime:
    """The part that all runtimes share; children run N x C x H x W arrays in `forward`."""

    name = ""
    multiple = 1

    def __call__(self, *planes: Plane) -> Plane:
        answer = self.forward(
            *(_to_nchw(pad_to_multiple(plane, self.multiple)) for plane in planes)
        )
        return np.asarray(crop_like(answer[0].transpose(1, 2, 0), planes[0]), np.float32)

    def many(self, *stacks: Sequence[Plane]) -> list[Plane]:
        """The answers to several inputs of one size, in one run where the runtime can.

        Inputs are H x W or H x W x C floats, answers H x W x C'.
        """
        return [self(*planes) for planes in zip(*stacks, strict=True)]

    def forward(self, *arrays: Plane) -> Plane:
        """Arrays N x C x H x W to N x C' x H x W, float32."""
        raise NotImplementedError


class BatchRuntime(Runtime):
    """A runtime whose `forward` takes any N."""

    def many(self, *stacks: Sequence[Plane]) -> list[Plane]:
        """Pictures of one size, h x w (x C), answered in one batch, in their order."""
        arrays = (
            np.concatenate([_to_nchw(pad_to_multiple(plane, self.multiple)) for plane in stack])
            for stack in stacks
        )
        answers = self.forward(*arrays)
        return [
            np.asarray(crop_like(answer.transpose(1, 2, 0), plane), np.float32)
            for answer, plane in zip(answers, stacks[0], strict=True)
        ]


def _to_nchw(plane: NDArray[np.generic]) -> Plane:
    channels = plane if plane.ndim == 3 else plane[..., None]
    return np.ascontiguousarray(channels.transpose(2, 0, 1)[None], np.float32)


class OnnxRuntime(BatchRuntime):
    """An exported network; the multiple of its sizes is in the file's metadata."""

    name = "onnx"

    def __init__(self, path: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _cores()
        options.inter_op_num_threads = 1
        # Spinning threads steal the cores of the web process and of the other worker.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_mem_pattern = False  # sizes differ from tile to tile
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        notes = self.session.get_modelmeta().custom_metadata_map
        self.multiple = int(json.loads(notes.get("multiple", "1")))
        self.inputs = [value.name for value in self.session.get_inputs()]

    def forward(self, *arrays: Plane) -> Plane:
        """Arrays N x C x H x W to N x C' x H x W, float32."""
        feeds = dict(zip(self.inputs, arrays, strict=True))
        return np.asarray(self.session.run(None, feeds)[0], np.float32)


class TorchRuntime(BatchRuntime):
    """The module itself, channels last, in float32 or bfloat16; on the GPU where there is one."""

    name = "torch"

    def __init__(
        self, module: Any, threads: int = 0, device: str | None = None, *, bf16: bool = False
    ) -> None:
        import torch

        if bf16:
            self.name = "torch-bf16"
        self.bf16 = bf16

        torch.set_num_threads(threads or _cores())
        self.torch = torch
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.module = module.eval().float().to(self.device, memory_format=torch.channels_last)
        self.multiple = int(getattr(module, "multiple", 1))

    def forward(self, *arrays: Plane) -> Plane:
        """Arrays N x C x H x W to N x C' x H x W, float32."""
        half = self.torch.autocast(self.device, self.torch.bfloat16, enabled=self.bf16)
        with self.torch.inference_mode(), half:
            tensors = [self.torch.from_numpy(array).to(self.device) for array in arrays]
            return np.asarray(self.module(*tensors).float().cpu().numpy())


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_runtime(
    weights: Path,
    *,
    engine: str = "auto",
    onnx: Path | None = None,
    threads: int = 0,
    exports: Path | None = None,
) -> Runtime:
    """The runtime for a weight file.

    `onnx` is its export when there is one; else one is made in the folder `exports` and kept.
    "auto" is ONNX Runtime where that works and torch where it does not; `networks.open_network`
    puts what was measured on this host in its place.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}: one of {', '.join(ENGINES)}")
    if not engine.startswith("torch"):
        try:
            return OnnxRuntime(onnx or exported(weights, exports or weights.parent), threads)
        except Exception:
            if engine == "onnx":
                raise
    from training.networks.weights import load

    return TorchRuntime(load(weights)[0], threads, bf16=engine == "torch-bf16")


def exported(weights: Path, folder: Path) -> Path:
    """The export of a weight file in `folder`, named by the weights' hash; made once."""
    path = folder / f"{sha256(weights)}.onnx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path, mark=f"-{os.getpid()}") as own:  # two processes may export at once
            export(weights, own)
    return path


def export(weights: Path, path: Path) -> float:
    """Writes the ONNX file; returns its largest difference to torch, relative to the range."""
    from training.networks.onnx.export import to_onnx
    from training.networks.weights import load

    module, card = load(weights)
    return float(to_onnx(module, path, card["stage"]))
