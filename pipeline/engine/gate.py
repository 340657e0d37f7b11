"""The gate before promotion: the export must answer as torch in float32 does.

One engine once gave a wrong picture at high speed; nothing is promoted before this was run.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.engine.networks import read_card
from pipeline.engine.runtimes import OnnxRuntime, Plane, Runtime, TorchRuntime, export, sha256
from training.imaging.threshold import probabilities

MAX_PROBABILITY_ERROR = 0.01
MIN_PSNR = 50.0
# Odd sizes, so that padding is part of what is compared.
SIZES = ((256, 256), (211, 307), (385, 190))


def check(weights_path: Path, *, onnx_path: Path | None = None, threads: int = 0) -> dict[str, Any]:
    """Compares the ONNX export with torch float32 on three pictures.

    `onnx_path` is an existing export; without one the weights are exported for the check.
    Returns passed, max_probability_error (segmentation) or psnr (the others), the sentence
    `reason` and the hashes of both files. Any error on the way is a failed gate, not a crash.
    """
    facts: dict[str, Any] = {"passed": False, "weights_sha256": sha256(weights_path)}
    with tempfile.TemporaryDirectory(prefix="heirloom-gate-") as folder:
        try:
            path = onnx_path or Path(folder) / "network.onnx"
            if onnx_path is None:
                export(weights_path, path)
            facts |= compare(weights_path, path, threads=threads)
            facts["onnx_sha256"] = sha256(path)
        except Exception as error:
            facts["reason"] = f"the export could not be compared: {error}"
    return facts


def compare(weights_path: Path, onnx_path: Path, *, threads: int = 0) -> dict[str, Any]:
    """The comparison itself, of files that exist."""
    from training.networks.weights import load

    stage = read_card(weights_path)["stage"]
    module, card = load(weights_path)
    torch, onnx = TorchRuntime(module, threads, device="cpu"), OnnxRuntime(onnx_path, threads)
    channels = int(card.get("arguments", {}).get("channels", 1))
    pairs = [_answers(stage, planes, torch, onnx) for planes in _inputs(stage, channels)]
    if stage == "segmentation":
        worst = max(float(np.abs(a - b).max()) for a, b in pairs)
        passed = bool(worst <= MAX_PROBABILITY_ERROR)
        said = f"largest difference of a probability {worst:.2g}, {MAX_PROBABILITY_ERROR} allowed"
        return {"passed": passed, "max_probability_error": worst, "reason": said}
    lowest = min(_psnr(a, b) for a, b in pairs)
    said = f"PSNR {lowest:.1f} dB, {MIN_PSNR:.0f} needed"
    return {"passed": bool(lowest >= MIN_PSNR), "psnr": lowest, "reason": said}


def _inputs(stage: str, channels: int) -> list[tuple[Plane, ...]]:
    return [_planes(stage, channels, index, size) for index, size in enumerate(SIZES)]


def _planes(stage: str, channels: int, seed: int, size: tuple[int, int]) -> tuple[Plane, ...]:
    """A picture with edges, slow waves and grain; holes where the stage wants them."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
    waves = (
        np.sin(rows[..., None] / (17 + 9 * seed) + np.arange(3)) * np.cos(columns / 23)[..., None]
    )
    picture = 0.5 + 0.3 * waves + 0.05 * rng.standard_normal((*size, 3))
    picture[size[0] // 3 : size[0] // 2, size[1] // 4 :] *= 0.5
    rgb = np.clip(picture, 0, 1).astype(np.float32)
    if stage != "inpainting":
        return (rgb if channels == 3 else rgb[..., 0],)
    valid = np.ones(size, np.float32)
    for _ in range(12):
        y, x = rng.integers(0, size[0] - 12), rng.integers(0, size[1] - 40)
        valid[y : y + rng.integers(2, 12), x : x + rng.integers(2, 40)] = 0
    return rgb, valid


def _answers(
    stage: str, planes: tuple[Plane, ...], torch: Runtime, onnx: Runtime
) -> tuple[Plane, Plane]:
    """Both answers, as probabilities or as pixels 0..1."""
    found = [runtime(*planes) for runtime in (torch, onnx)]
    if not all(np.isfinite(answer).all() for answer in found):
        raise ValueError("an answer is not a number")
    if stage == "segmentation":
        found = [probabilities(answer, 0.0) for answer in found]
    if stage == "colorization":
        found = [(answer + np.float32(127.5)) / np.float32(255) for answer in found]
    return found[0], found[1]


def _psnr(a: Plane, b: Plane) -> float:
    """In dB for values 0..1; equal pictures count as 200."""
    error = float(np.mean((a.astype(np.float64) - b) ** 2))
    return 200.0 if error < 1e-20 else float(-10 * np.log10(error))
