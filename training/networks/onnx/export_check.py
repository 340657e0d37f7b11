"""`-m training.networks.onnx.export_check FOLDER…`: may this export stand in for torch?

Each folder holds `weights.safetensors` and pictures `1.png`, `2.png`… (for inpainting also
`1_hole.png`, white where to fill). Written there: `export.onnx`, `1_answer.png`… and
`result.json`. The export fails when a probability differs from torch float32 by more than 0.01,
or an image or its colours stay under 50 dB. Exit 0 says that an answer was found, not that it
was good.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from config.words.pairs import Said, said
from photos.files import sha256
from training.imaging.colour import merge_chroma
from training.networks.onnx.export import ExportError, to_onnx
from training.networks.padding import AnySize, pad_to_multiple
from training.networks.weights import Card, load

FARTHEST = 0.01
QUIETEST = 50.0
RED = np.array([235, 60, 50], np.float32)

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Core = Callable[[tuple[Tensor, ...]], Tensor]


def check(folder: Path) -> dict[str, Any]:
    """Export, compare on every picture, draw the answers. The result as JSON values.

    Weights with NaN, and weights of another network than the card names, fail. Raises TypeError for
    a network that cannot be exported, OSError for its files.
    """
    began = time.monotonic()
    try:
        network, card = load(folder / "weights.safetensors")
    except (ValueError, RuntimeError, TypeError, KeyError) as error:
        detail = " ".join(str(error).split()) or type(error).__name__
        return _failed(said("gate.other-network", detail=detail[:300]))
    if bad := unsound(network):
        return _failed(said("gate.no-number", tensor=bad))
    if not isinstance(network, AnySize):
        raise TypeError(f"{type(network).__name__} has no core to export")
    export = folder / "export.onnx"
    try:
        to_onnx(network, export, card["stage"])
    except ExportError as error:
        return _failed(said("gate.export-differs", difference=error.difference))
    run = _runtime(export)
    photos = [_compare(path, network, card, run) for path in sorted(folder.glob("[0-9].png"))]
    return {
        **_verdict(photos),
        "photos": photos,
        "onnx_sha256": sha256(export),
        "onnx_bytes": export.stat().st_size,
        "seconds": round(time.monotonic() - began, 2),
        "versions": {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__},
    }


def _failed(reason: Said) -> dict[str, Any]:
    return {"passed": False, "reason": reason, "photos": []}


def unsound(network: torch.nn.Module) -> str:
    """The name of the first tensor with NaN or infinity in it; nothing where all are finite."""
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            return name
    return ""


def _verdict(photos: list[dict[str, float]]) -> dict[str, Any]:
    """Written so that anything that is not a number fails."""
    for photo in photos:
        if "largest_difference" in photo and not photo["largest_difference"] <= FARTHEST:
            difference = photo["largest_difference"]
            return _failed(said("gate.differs", difference=difference, most=FARTHEST))
        if "psnr" in photo and not photo["psnr"] >= QUIETEST:
            return _failed(said("gate.picture-differs", psnr=photo["psnr"], least=QUIETEST))
    if not photos:
        return _failed(said("gate.no-photo"))
    return {"passed": True, "reason": ""}


def _runtime(export: Path) -> Core:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(export, options, providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]

    def run(pictures: tuple[Tensor, ...]) -> Tensor:
        feeds = {name: p.numpy() for name, p in zip(names, pictures, strict=True)}
        return torch.from_numpy(session.run(None, feeds)[0])

    return run


@torch.no_grad()
def _compare(path: Path, network: AnySize, card: Card, run: Core) -> dict[str, float]:
    """One photo through both; the export's answer is the picture that is shown."""
    stage = card["stage"]
    given = _read(path, "RGB" if stage == "inpainting" else "L")
    hole = _read(path.with_name(f"{path.stem}_hole.png"), "L") if stage == "inpainting" else None
    pictures = _inputs(given, hole)
    padded = tuple(pad_to_multiple(picture, network.multiple) for picture in pictures)
    height, width = given.shape[:2]
    wanted = network(*pictures)[0].numpy()
    found = run(padded)[0, :, :height, :width].numpy()
    answers = {"segmentation": _flag, "inpainting": _fill, "colorization": _tint}
    figures, answer = answers[stage](given, found, wanted, card)
    Image.fromarray(answer).save(path.with_name(f"{path.stem}_answer.png"))
    return figures


def _read(path: Path, mode: str) -> Bytes:
    with Image.open(path) as image:
        return np.asarray(image.convert(mode)).copy()


def _inputs(given: Bytes, hole: Bytes | None) -> tuple[Tensor, ...]:
    planes = given[None] if given.ndim == 2 else given.transpose(2, 0, 1)
    picture = torch.from_numpy(np.ascontiguousarray(planes)).float().unsqueeze(0) / 255
    if hole is None:
        return (picture,)
    return picture, torch.from_numpy((hole == 0).astype(np.float32))[None, None]


def _flag(
    given: Bytes, found: Floats, wanted: Floats, card: Card
) -> tuple[dict[str, float], Bytes]:
    """Calibrated probabilities of the three classes; the strongest is painted red."""
    offsets = np.array(list(card.get("logit_offset", {}).values()) or [0.0] * len(found))
    shift = offsets.reshape(-1, 1, 1).astype(np.float32)
    ours, theirs = (1 / (1 + np.exp(shift - logits)) for logits in (found, wanted))
    strength = ours.max(axis=0)[..., None]
    base = np.repeat(given[..., None], 3, axis=2).astype(np.float32)
    answer = np.rint(base + 0.85 * strength * (RED - base)).astype(np.uint8)
    return {"largest_difference": float(np.abs(ours - theirs).max())}, answer


def _fill(
    given: Bytes, found: Floats, wanted: Floats, card: Card
) -> tuple[dict[str, float], Bytes]:
    answer = np.rint(np.clip(found, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    return {"psnr": decibels(found, wanted, 1.0)}, np.ascontiguousarray(answer)


def _tint(
    given: Bytes, found: Floats, wanted: Floats, card: Card
) -> tuple[dict[str, float], Bytes]:
    answer = merge_chroma(given, found[0] + 128, found[1] + 128)
    return {"psnr": decibels(found, wanted, 255.0)}, np.asarray(answer, np.uint8)


def decibels(found: Floats, wanted: Floats, peak: float) -> float:
    """PSNR in dB of two answers of one shape, whose largest value is `peak`.

    Equal ones count as 200, as JSON has no infinity, and NaN as 0.
    """
    error = float(np.mean((found.astype(np.float64) - wanted) ** 2))
    if not math.isfinite(error):
        return 0.0  # min() below would make the best of it
    return 200.0 if error == 0 else round(min(200.0, 10 * math.log10(peak**2 / error)), 2)


def main(folders: list[str]) -> int:
    """Checks each folder and writes its result there; exit code of the process."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    for folder in map(Path, folders):
        try:
            result = check(folder)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
            return 1
        (folder / "result.json").write_text(json.dumps(result, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
