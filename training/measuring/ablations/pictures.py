"""One strip of pictures per stage, from scikit-image's free photos: input, each trial, truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage import data

from training.augmentation.preview import as_rgb
from training.augmentation.samples import hole_mask, segmentation_sample
from training.imaging.colour import luma as luma_of
from training.imaging.colour import merge_chroma
from training.measuring.evaluate import decisive
from training.networks.inference import Colourizer, Detector, Inpainter

Bytes = NDArray[np.uint8]
SIDE = 256
DAMAGE_SEED, HOLE_SEED = 7, 4


def strip(stage: str, weights: dict[str, Path]) -> Bytes:
    """Trials' answers on one photo, side by side under their names; RGB uint8.

    Found damage is moved so that middle grey is each network's own threshold.
    """
    photo = np.ascontiguousarray(data.astronaut()[:SIDE, 96 : 96 + SIDE])
    return _beside(
        {"segmentation": _found, "inpainting": _filled, "colorization": _coloured}[stage](
            photo, weights
        )
    )


def _found(photo: Bytes, weights: dict[str, Path]) -> dict[str, Bytes]:
    rng = np.random.default_rng(DAMAGE_SEED)
    luma, classes = segmentation_sample(photo, size=SIDE, rng=rng)

    def answer(path: Path) -> Bytes:
        detector = Detector.load(path)
        shown = decisive(detector, luma, range(len(detector.thresholds)))
        return np.asarray(np.rint(255 * shown), np.uint8)

    truth = np.asarray(((classes & 7) > 0) * np.uint8(255), np.uint8)
    return {"damaged": luma, "truth": truth, **_answers(answer, weights)}


def _filled(photo: Bytes, weights: dict[str, Path]) -> dict[str, Bytes]:
    hole = hole_mask(np.random.default_rng(HOLE_SEED), photo.shape[:2])
    missing = hole[..., None] > 0

    def answer(path: Path) -> Bytes:
        return np.where(missing, Inpainter.load(path)(photo, hole), photo)

    return {
        "holes": np.where(missing, np.uint8(255), photo),
        "truth": photo,
        **_answers(answer, weights),
    }


def _coloured(photo: Bytes, weights: dict[str, Path]) -> dict[str, Bytes]:
    luma = np.asarray(luma_of(photo), np.uint8)

    def answer(path: Path) -> Bytes:
        chroma = Colourizer.load(path)(luma) + 128
        merged = merge_chroma(luma.astype(np.float32), chroma[..., 0], chroma[..., 1])
        return np.asarray(np.clip(np.rint(merged), 0, 255), np.uint8)

    return {"grey": luma, "truth": photo, **_answers(answer, weights)}


def _answers(answer: Callable[[Path], Bytes], weights: dict[str, Path]) -> dict[str, Bytes]:
    return {name: answer(path) for name, path in weights.items()}


def _beside(pictures: dict[str, Bytes], *, band: int = 16, gap: int = 4) -> Bytes:
    sheet = np.full((SIDE + band, len(pictures) * (SIDE + gap) - gap, 3), 255, np.uint8)
    for index, picture in enumerate(pictures.values()):
        left = index * (SIDE + gap)
        sheet[band:, left : left + SIDE] = as_rgb(picture)
    image = Image.fromarray(sheet)
    brush = ImageDraw.Draw(image)
    for index, name in enumerate(pictures):
        brush.text((index * (SIDE + gap) + 3, 2), name, fill=(0, 0, 0))
    return np.asarray(image)
