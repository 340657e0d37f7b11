"""The gate before production: pictures in, a torch process beside us, a verdict out.

The web and worker processes load no torch, so ``training.networks.onnx.export_check`` runs
on its own.
"""

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from config.words.said import said
from training.augmentation.samples import damage_photo

Bytes = NDArray[np.uint8]
PHOTOS = ("astronaut", "chelsea", "coffee")  # packaged with scikit-image, so always at hand
PICTURE_SIDE_PX = 384
CHECK_TIMEOUT_SECONDS = 900.0  # seconds


class GateError(RuntimeError):
    """The check itself did not come to an answer; it says its last word."""


@dataclass(frozen=True)
class Picture:
    """What the network was given and what the export answered, both PNG."""

    given: bytes
    answered: bytes
    caption: str


@dataclass(frozen=True)
class Verdict:
    result: dict[str, Any]
    onnx: Path | None
    pictures: list[Picture]


def judge(weights: dict[Path, str], folder: Path) -> list[Verdict]:
    """Checks weight files (path -> stage) in one process; ``folder`` is empty and stays."""
    rooms = []
    for number, (path, stage) in enumerate(weights.items()):
        room = folder / str(number)
        room.mkdir(parents=True)
        (room / "weights.safetensors").symlink_to(path.resolve())
        lay_out(room, stage)
        rooms.append((room, stage))
    _run([str(room) for room, _ in rooms])
    return [_read(room, stage) for room, stage in rooms]


def lay_out(room: Path, stage: str) -> None:
    """Writes the pictures that a network of this stage is shown."""
    for number, name in enumerate(PHOTOS, 1):
        clean, damaged, holes = example(name)
        hole = cv2.dilate((holes != 0).astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
        colourless = np.asarray(Image.fromarray(clean).convert("L"))
        if stage == "inpainting":
            Image.fromarray(np.asarray(hole, np.uint8)).save(room / f"{number}_hole.png")
        given = colourless if stage == "colorization" else damaged
        Image.fromarray(given).save(room / f"{number}.png")


@cache
def example(name: str) -> tuple[Bytes, Bytes, Bytes]:
    """(clean RGB, damaged, what to fill: not 0) of a packaged photo; the same everywhere."""
    photo = Image.fromarray(getattr(data, name)())
    photo.thumbnail((PICTURE_SIDE_PX, PICTURE_SIDE_PX))
    clean = np.asarray(photo)
    damaged, classes = damage_photo(clean, rng=np.random.default_rng(len(name)))
    return clean, damaged, classes & np.uint8(7)


def _run(rooms: list[str]) -> None:
    threads = str(settings.TORCH_THREADS or os.cpu_count() or 1)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "training.networks.onnx.export_check", *rooms],
            cwd=settings.BASE_DIR,
            env={**os.environ, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            timeout=CHECK_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GateError(said("gate.too-slow", seconds=CHECK_TIMEOUT_SECONDS)) from error
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or [""])[-1]
        raise GateError(said("gate.ended-with", status=ended.returncode, last=last))


def _read(room: Path, stage: str) -> Verdict:
    result = json.loads((room / "result.json").read_text())
    pictures = []
    for number, name in enumerate(PHOTOS, 1):
        answer = room / f"{number}_answer.png"
        if answer.exists():
            given = _with_hole(room, number) if stage == "inpainting" else None
            given = given or (room / f"{number}.png").read_bytes()
            pictures.append(Picture(given, answer.read_bytes(), name.capitalize()))
    return Verdict(result, room / "export.onnx" if result["passed"] else None, pictures)


def _with_hole(room: Path, number: int) -> bytes:
    """The given picture with its hole in a flat red, as the network saw none of it."""
    picture = np.asarray(Image.open(room / f"{number}.png").convert("RGB")).copy()
    picture[np.asarray(Image.open(room / f"{number}_hole.png")) > 0] = (200, 60, 50)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
