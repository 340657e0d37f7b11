"""The figures of one finished run on held-out photos: the same pictures for every trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import DEFECTS, IGNORE
from training.augmentation.samples import crop, segmentation_sample
from training.imaging.colour import rgb_to_ycbcr
from training.imaging.thresholds import CLASSES
from training.imaging.tta import LOOKS
from training.measuring.baselines import DETECTORS, FILLS
from training.measuring.benchmarks import (
    Figures,
    Pair,
    measure_inpainting,
    measure_segmentation,
)
from training.measuring.colour_figures import measure_colour
from training.measuring.evaluate import decisive
from training.measuring.pictures import find_pictures, read_pair, read_rgb
from training.networks.inference import Colourizer, Detector, Inpainter

Bytes = NDArray[np.uint8]
Results = dict[str, Figures]
PHOTOS = 24
WINDOW = 640  # side of the piece of a human-masked photo, px


@dataclass(frozen=True)
class Material:
    """Held-out photos, and photos with human masks where a folder of pairs was given."""

    photos: list[Path]
    side: int
    pairs: list[Pair]

    @classmethod
    def gather(cls, photos: list[Path], side: int, pairs: Path | None) -> Material:
        step = max(1, len(photos) // PHOTOS)
        found = find_pictures(pairs, "segmentation", None) if pairs else []
        masked = [_middle(read_pair(path, "any")) for path in found]
        return cls(photos[::step][:PHOTOS], side, masked)

    def crops(self) -> list[Bytes]:
        """A seeded window of each held-out photo, RGB side x side."""
        return [
            crop(read_rgb(path), self.side, np.random.default_rng([11, index]), scales=(0.7, 1.4))
            for index, path in enumerate(self.photos)
        ]

    def damaged(self) -> list[Pair]:
        """The same photos with seeded synthetic damage."""
        found = []
        for index, path in enumerate(self.photos):
            rng = np.random.default_rng([12, index])
            luma, classes = segmentation_sample(read_rgb(path), size=self.side, rng=rng)
            counted = (classes & IGNORE) == 0
            found.append(Pair(path.name, luma, (classes & DEFECTS) > 0, counted))
        return found


def _middle(pair: Pair) -> Pair:
    """The middle window of a large photo: whole ones would take most of a trial's time."""
    height, width = pair.luma.shape
    top, left = max(0, (height - WINDOW) // 2), max(0, (width - WINDOW) // 2)
    cut = (slice(top, top + WINDOW), slice(left, left + WINDOW))
    return replace(pair, luma=pair.luma[cut], truth=pair.truth[cut], counted=pair.counted[cut])


def measured(stage: str, weights: Path, material: Material) -> Results:
    """Figures by method; segmentation with and without calibration and several looks."""
    if stage == "segmentation":
        return _segmentation(Detector.load(weights), material)
    if stage == "inpainting":
        methods = {"network": Inpainter.load(weights)}
        return measure_inpainting(material.crops(), methods).methods
    colourizer = Colourizer.load(weights)
    photos = material.crops()
    report = measure_colour(photos, colourizer, colourizer.mean_chroma or (128.0, 128.0))
    network = report.methods["network"] | {"saturation": saturation(photos, colourizer)}
    return report.methods | {"network": network}


def rivals(stage: str, material: Material) -> Results:
    """The same figures of what needs no learning; colour's rivals come with every trial."""
    if stage == "segmentation":
        found = measure_segmentation(material.damaged(), DETECTORS, {}).methods
        real = measure_segmentation(material.pairs, DETECTORS, {}).methods if material.pairs else {}
        return found | {f"{name}, real": values for name, values in real.items()}
    if stage == "inpainting":
        return measure_inpainting(material.crops(), FILLS).methods
    return {}


def _segmentation(detector: Detector, material: Material) -> Results:
    raw = replace(
        detector,
        offsets=tuple(0.0 for _ in CLASSES),
        thresholds=tuple(0.5 for _ in CLASSES),
    )
    variants = {
        "network": detector,
        "looks": replace(detector, looks=LOOKS),
        "uncalibrated": raw,
    }
    methods = {name: _any_damage(variant) for name, variant in variants.items()}
    thresholds = dict.fromkeys(methods, 0.5)
    found = measure_segmentation(material.damaged(), methods, thresholds).methods
    if not material.pairs:
        return found
    real = measure_segmentation(material.pairs, methods, thresholds).methods
    return found | {f"{name}, real": values for name, values in real.items()}


def _any_damage(detector: Detector) -> Callable[[Bytes], NDArray[np.floating]]:
    chosen = range(len(CLASSES))
    return lambda luma: decisive(detector, luma, chosen)


def saturation(photos: list[Bytes], colourizer: Colourizer) -> float:
    """Mean chroma of the answers divided by that of the truth: below 1 is drawn toward grey.

    Photos are H x W x 3 uint8.
    """
    found, wanted = 0.0, 0.0
    for photo in photos:
        true = rgb_to_ycbcr(photo.astype(np.float32))
        luma = np.asarray(np.clip(np.rint(true[..., 0]), 0, 255), np.uint8)
        found += float(np.hypot(*np.moveaxis(colourizer(luma), -1, 0)).mean())
        wanted += float(np.hypot(*np.moveaxis(true[..., 1:] - 128, -1, 0)).mean())
    return found / max(wanted, 1e-6)
