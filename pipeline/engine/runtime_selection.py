"""Which runtime is the faster one here: measured once for each weight file and host.

`python -m pipeline.engine.runtime_selection WEIGHTS FOLDER [ONNX]` measures in a process of its
own, so that no worker loads torch for it. What it found is a small JSON file in FOLDER.
"""

import hashlib
import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from config.words.pairs import Said, said
from photos.files import sha256
from pipeline.engine.runtimes import OnnxRuntime, Plane, Runtime, TorchRuntime, exported

SIDE, ROUNDS = 512, 3


@dataclass(frozen=True)
class Choice:
    """The runtime's name, what is said of why, and seconds per megapixel by runtime.

    Files of older releases hold a sentence there.
    """

    engine: str
    why: Said | str
    seconds: dict[str, float] = field(default_factory=dict)


def host() -> str:
    """Eight letters for this processor and these packages: a change of either asks anew."""
    parts = [platform.machine(), _processor(), str(os.cpu_count())]
    parts += [f"{name} {version(name)}" for name in ("torch", "onnxruntime")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith("model name")), "")


def remembered(folder: Path, digest: str) -> Choice | None:
    """What was found before for these weights on this host; None where nobody measured."""
    try:
        return Choice(**json.loads(_place(folder, digest).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remember(folder: Path, digest: str, choice: Choice) -> None:
    """Writes the choice aside, then replaces the earlier one."""
    place = _place(folder, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    own = place.with_name(f".{place.name}-{os.getpid()}")
    own.write_text(json.dumps(asdict(choice), indent=1))
    own.replace(place)


def _place(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.{host()}.json"


def candidates(weights: Path, onnx: Path, threads: int) -> dict[str, Runtime]:
    """Every runtime this host could use; "torch" in float32 is the reference."""
    import torch

    from training.networks.weights import load
    from training.trainers.precision import precision_of

    found: dict[str, Runtime] = {
        "torch": TorchRuntime(load(weights)[0], threads),
        "onnx": OnnxRuntime(onnx, threads),
    }
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if precision_of(device) is torch.bfloat16:
        found["torch-bf16"] = TorchRuntime(load(weights)[0], threads, bf16=True)
    return found


def fastest(stage: str, runtimes: Mapping[str, Callable[..., Plane]]) -> Choice:
    """The fastest of those that answer like "torch", within the limits of the gate.

    All take turns, so that a busy moment of the host meets every one of them.

    Runtimes take and give H x W x C floats; seconds are told per megapixel of 2^20 pixels.
    """
    rng = np.random.default_rng(7)
    inputs = _inputs(stage, rng)
    wanted = runtimes["torch"](*inputs)
    seconds, refused = dict.fromkeys(runtimes, math.inf), []
    for name, run in runtimes.items():
        if fault := differs(stage, name, run(*inputs), wanted):
            refused.append(fault)
            del seconds[name]
    for _ in range(ROUNDS):
        for name in seconds:
            start = time.perf_counter()
            runtimes[name](*inputs)
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    per = {name: round(value / SIDE**2 * 2**20, 3) for name, value in seconds.items()}
    best = min(per, key=lambda name: per[name])
    return Choice(best, _why(per, refused), per)


def _why(seconds: Mapping[str, float], refused: list[Said]) -> Said:
    ordered = sorted(seconds.items(), key=lambda each: each[1])
    times = [said("timing.seconds", engine=name, seconds=value) for name, value in ordered]
    if refused:
        return said("timing.per-megapixel-without", times=times, refused=refused)
    return said("timing.per-megapixel", times=times)


def _inputs(stage: str, rng: np.random.Generator) -> tuple[Plane, ...]:
    picture = rng.random((SIDE, SIDE, 3) if stage == "inpainting" else (SIDE, SIDE))
    if stage != "inpainting":
        return (picture.astype(np.float32),)
    valid = np.ones((SIDE, SIDE), np.float32)
    valid[SIDE // 3 : SIDE // 2, SIDE // 4 : SIDE // 2] = 0
    return picture.astype(np.float32), valid


def differs(stage: str, name: str, found: Plane, wanted: Plane) -> Said | None:
    """None, or how far a runtime lies from the reference; nothing that is no number passes.

    Both are H x W x C: logits of the segmentation, 0..1 of the inpainting, 0..255 of the colours.
    """
    from training.networks.onnx.export_check import FARTHEST, QUIETEST, decibels

    if stage == "segmentation":
        ours, theirs = (1 / (1 + np.exp(-logits.astype(float))) for logits in (found, wanted))
        farthest = float(np.abs(ours - theirs).max())
        if farthest <= FARTHEST:
            return None
        return said("timing.is-off", engine=name, difference=farthest)
    psnr = decibels(found, wanted, 1.0 if stage == "inpainting" else 255.0)
    return None if psnr >= QUIETEST else said("timing.stays-at", engine=name, psnr=psnr)


def choose(weights: Path, folder: Path, onnx: Path | None = None, threads: int = 0) -> Choice:
    """Measures and remembers."""
    from training.networks.weights import read_card

    stage = str(read_card(weights)["stage"])
    found = fastest(stage, candidates(weights, onnx or exported(weights, folder), threads))
    remember(folder, sha256(weights), found)
    return found


def main(arguments: list[str]) -> int:
    """WEIGHTS FOLDER [ONNX]: measures, writes the choice and says it as JSON."""
    weights, folder, *onnx = (Path(argument) for argument in arguments)
    threads = int(os.environ.get("TORCH_THREADS") or 0)
    choice = choose(weights, folder, onnx[0] if onnx else None, threads)
    sys.stdout.write(json.dumps({"engine": choice.engine, "why": choice.why}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
