"""`python -m training.measuring.evaluate segmentation --probe`: the probes on a weight file.

Reads a folder with photos/ (sound scenes), prints_sound/, portraits/ and prints/ (damaged ones,
whose defects training/labels/prints.json lists). Every figure stands twice: at the default cut,
and at the cut where 0.3 % of the sound pixels are marked, so that two networks can be compared
that were cut differently.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import said
from training.cli.prepare import group_of
from training.imaging.colour import luma as luma_of
from training.imaging.faces import FaceFinder
from training.labels.shipped_labels import find_photos
from training.labels.source_table import canonical
from training.measuring import probe_figures
from training.measuring.benchmarks import Report
from training.probes import choosing, prints, scales, sound, spots
from training.probes.harm import objects as harm
from training.probes.harm.pictures import harm_pictures
from training.probes.lines import run_lines
from training.probes.marker import DEFAULT_CUT, Bytes, Marker

PARTS = ("lines", "sound", "spots", "scales", "harm", "prints")
SCENES, PRINTS, PORTRAITS, DAMAGED = "photos", "prints_sound", "portraits", "prints"
SCALED = 12  # pictures of the scale probe
LARGEST = 1200  # px of a print's longest side that counts as x1 where prints are scaled
PRINT_SCALES = (0.5, 1.0, 2.0)

Read = Callable[[Path, int | None], NDArray[np.uint8]]


@dataclass(frozen=True)
class Material:
    """The pictures of one split, and how to read them."""

    paths: Sequence[Path]
    data: Path
    split: str
    read: Read
    faces: Path | None = None
    """YuNet's file, where faces are to be counted."""
    listed: Path = prints.LISTED

    def of(self, folder: str) -> list[Path]:
        return [path for path in self.paths if path.relative_to(self.data).parts[0] == folder]

    def named(self, path: Path) -> choosing.Named:
        luma = np.asarray(luma_of(self.read(path, choosing.SIDE)), np.uint8)
        return choosing.Named(path.relative_to(self.data).as_posix(), luma)


def parts_of(text: str) -> list[str]:
    """The parts named, in PARTS' order. Raises ValueError for another word."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if wrong := [part for part in wanted if part not in PARTS]:
        raise ValueError(f"--probe {', '.join(wrong)}: the parts are {', '.join(PARTS)}.")
    return [part for part in PARTS if part in wanted]


def run_probes(marker: Marker, material: Material, parts: Sequence[str], seed: int = 0) -> Report:
    """The chosen parts on the pictures of one split; ValueError or OSError with a sentence."""
    undamaged = sound_pictures(material)
    chosen = choosing.for_lines(undamaged)
    if not chosen:
        raise ValueError(f"The probes want sound pictures in {material.data}/{SCENES} or {PRINTS}.")
    figures, looked, seconds = probe_figures.Figures(), [], []
    for part in parts:
        started = time.process_time()
        if part == "sound":
            looked = _sound(figures, marker, material, undamaged)
        elif part == "prints":
            _prints(figures, marker, material)
        else:
            _drawn(figures, marker, part, chosen, seed)
        seconds.append(said("measured.seconds", part=part, seconds=time.process_time() - started))
    figures.notes.append(said("measured.time", parts=seconds))
    return _report(figures, looked, len(chosen), material.split)


def _report(
    figures: probe_figures.Figures,
    looked: Sequence[sound.SoundPicture],
    pictures: int,
    split: str,
) -> Report:
    report = Report("segmentation", pictures)
    cuts = {"default cut": DEFAULT_CUT}
    if looked:
        cuts["at .3 % of sound"] = sound.cut_at(looked)
    report.methods = {name: figures.at(cut) for name, cut in cuts.items()}
    report.notes = [
        said("measured.probed", split=split, count=pictures),
        said("measured.cut"),
        *figures.notes,
    ]
    return report


def sound_pictures(material: Material) -> list[choosing.Named]:
    """Scenes and sound prints of at most 768 px, one of each original, without duplicates."""
    groups: dict[str, Path] = {}
    for path in [*material.of(SCENES), *material.of(PRINTS)]:
        groups.setdefault(group_of(str(path.relative_to(material.data))), path)
    return choosing.without_duplicates([material.named(path) for path in groups.values()])


def _drawn(
    figures: probe_figures.Figures, marker: Marker, part: str, pictures: list[Bytes], seed: int
) -> None:
    """The parts that draw their own damage or objects."""
    if part == "lines":
        probe_figures.add_lines(figures, run_lines(marker, pictures, seed=seed))
    elif part == "spots":
        probe_figures.add_spots(figures, spots.run_spots(marker, pictures, seed=seed))
    elif part == "scales":
        some = choosing.evenly(pictures, SCALED)
        probe_figures.add_scales(figures, scales.run_scales(marker, some, seed=seed))
    else:
        objects = harm.run_harm(marker, harm_pictures(np.random.default_rng(seed)))
        probe_figures.add_harm(figures, objects)


def _sound(
    figures: probe_figures.Figures,
    marker: Marker,
    material: Material,
    undamaged: Iterable[choosing.Named],
) -> list[sound.SoundPicture]:
    """Scenes and prints, which are answered, and portraits; faces on all but scenes."""
    find = FaceFinder(material.faces) if material.faces else None

    def look(one: choosing.Named) -> sound.SoundPicture:
        group = one.name.split("/")[0]
        faces = find(one.luma) if find and group != SCENES else ()
        return sound.look_at(marker, one.luma, one.name, group, faces)

    looked = [look(one) for one in undamaged]
    portraits = [look(material.named(path)) for path in material.of(PORTRAITS)]
    probe_figures.add_sound(figures, looked, portraits, with_faces=find is not None)
    return looked


def _prints(figures: probe_figures.Figures, marker: Marker, material: Material) -> None:
    listed = material.listed
    if not listed.is_file():
        figures.notes.append(said("measured.no-prints", file=listed.name))
        return
    split = canonical(material.split)
    wanted = [one for one in prints.read_prints(listed) if canonical(one.split) == split]
    photos = find_photos(material.data / DAMAGED, {one.sha256 for one in wanted})
    at_scale: dict[float, list[prints.Outcome]] = {scale: [] for scale in PRINT_SCALES}
    native: list[prints.Outcome] = []
    for one in (one for one in wanted if one.sha256 in photos):
        luma = np.asarray(luma_of(material.read(photos[one.sha256], None)), np.uint8)
        if luma.shape != (one.height, one.width):
            raise ValueError(f"{one.file} is not of the size that {listed.name} says.")
        native += prints.run_print(marker, one, luma)
        for scale in PRINT_SCALES if one.large else ():
            factor = scale * min(1.0, LARGEST / max(luma.shape))
            at_scale[scale] += prints.run_print(marker, one, scaled(luma, factor), factor)
    figures.notes.append(said("measured.prints", count=len(photos), listed=len(wanted)))
    probe_figures.add_prints(figures, native, at_scale)


def scaled(luma: Bytes, factor: float) -> Bytes:
    """H x W grey shrunk by area or enlarged by cubic interpolation, `factor` times each side."""
    if factor == 1:
        return luma
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = [max(1, round(side * factor)) for side in luma.shape[::-1]]
    return np.asarray(cv2.resize(luma, size, interpolation=way), np.uint8)
