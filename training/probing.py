"""`python -m training.evaluate segmentation --probe [PARTS]`: the probes on a weight file.

Reads a folder with photos/ (sound scenes), prints_sound/, portraits/ and prints/ (damaged ones,
whose defects training/labels/prints.json lists). Every figure stands twice: at the default cut,
and at the cut where 0.3 % of the sound pixels are marked, so that two networks can be compared
that were cut differently.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging.colour import luma as luma_of
from training.imaging.faces import FaceFinder
from training.labelled import find_photos
from training.loops.prepare import group_of
from training.measuring import Report
from training.probes import choosing, harm, prints, scales, sound, spots
from training.probes.cells import Cells, Key, worst
from training.probes.harm_pictures import harm_pictures
from training.probes.lines import run_lines
from training.probes.marker import DEFAULT_CUT, Bytes, Marker

PARTS = ("lines", "spots", "scales", "sound", "harm", "prints")
SCENES, PRINTS, PORTRAITS, DAMAGED = "photos", "prints_sound", "portraits", "prints"
SCALED = 12  # pictures of the scale probe
LARGEST = 1200  # px of a print's longest side that counts as x1 where prints are scaled
PRINT_SCALES = (0.5, 1.0, 2.0)
HEADLINE = (1.5, 3.0, 6.0, 12.0, 24.0)  # px: the widths whose worst cell leads; 40 px stands beside

Read = Callable[[Path, int | None], NDArray[np.uint8]]
Rows = dict[str, Callable[[float], float]]
"""Figures by name, each a function of the cut."""


@dataclass
class Probe:
    """What the parts have found: figures for any cut, and what must be said beside them."""

    marker: Marker
    seed: int = 0
    rows: Rows = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    looked: list[sound.SoundPicture] = field(default_factory=list)


def parts_of(text: str) -> list[str]:
    """The parts named, in PARTS' order. Raises ValueError for another word."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if wrong := [part for part in wanted if part not in PARTS]:
        raise ValueError(f"--probe {', '.join(wrong)}: the parts are {', '.join(PARTS)}.")
    return [part for part in PARTS if part in wanted]


def run_probes(
    marker: Marker,
    paths: Sequence[Path],
    parts: Sequence[str],
    *,
    data: Path,
    split: str,
    read: Read,
    faces: Path | None = None,
    listed: Path = prints.LISTED,
    seed: int = 0,
) -> Report:
    """The chosen parts on the pictures of one split; ValueError or OSError with a sentence."""
    probe = Probe(marker, seed)
    undamaged = sound_pictures(paths, data, read)
    chosen = choosing.for_lines(undamaged)
    if not chosen:
        raise ValueError(f"The probes want sound pictures in {data}/{SCENES} or {data}/{PRINTS}.")
    jobs: dict[str, Callable[[], None]] = {
        "lines": lambda: _lines(probe, chosen),
        "spots": lambda: _spots(probe, chosen),
        "scales": lambda: _scales(probe, chosen),
        "sound": lambda: _sound(probe, undamaged, paths, data, read, faces),
        "harm": lambda: _harm(probe),
        "prints": lambda: _prints(probe, data, split, read, listed),
    }
    seconds = []
    for part in parts:
        started = time.process_time()
        jobs[part]()
        seconds.append(f"{part} {time.process_time() - started:.0f} s")
    probe.notes.append(f"Processor time: {', '.join(seconds)}.")
    return _report(probe, len(chosen), split)


def _report(probe: Probe, pictures: int, split: str) -> Report:
    report = Report("segmentation", pictures)
    cuts = {"default cut": DEFAULT_CUT}
    if probe.looked:
        cuts["at .3 % of sound"] = sound.cut_at(probe.looked)
    for name, cut in cuts.items():
        report.methods[name] = {"cut": cut} | {key: row(cut) for key, row in probe.rows.items()}
    report.notes += [
        f"Split {split}; lines and spots on {pictures} sound pictures of at most 768 x 512 px.",
        "A cut is in logits from the default; cells with under 20 pictures are left out.",
        *probe.notes,
    ]
    return report


def sound_pictures(paths: Iterable[Path], data: Path, read: Read) -> list[choosing.Named]:
    """Scenes and sound prints of at most 768 px, one of each original, without duplicates."""
    groups: dict[str, Path] = {}
    for path in paths:
        if _folder(path, data) in (SCENES, PRINTS):
            groups.setdefault(group_of(str(path.relative_to(data))), path)
    return choosing.without_duplicates([_named(path, data, read) for path in groups.values()])


def _named(path: Path, data: Path, read: Read) -> choosing.Named:
    luma = np.asarray(luma_of(read(path, choosing.SIDE)), np.uint8)
    return choosing.Named(str(path.relative_to(data)), luma)


def _folder(path: Path, data: Path) -> str:
    return path.relative_to(data).parts[0]


def _lines(probe: Probe, pictures: Sequence[Bytes]) -> None:
    cells = run_lines(probe.marker, pictures, seed=probe.seed)
    for contrast in (90, 35):
        probe.rows[f"lines worst, {contrast}"] = _worst(cells, contrast, HEADLINE)
        key, value = worst(_within(cells.recall(least=1), contrast, HEADLINE))
        named = f"{key[0]}, {key[1]:g} px"
        probe.notes.append(f"Worst line at {contrast} levels, default cut: {named}, {value:.2f}.")
    probe.rows["lines light 1.5-6, mean"] = _mean(cells, lambda k: k[0] == "light" and k[1] <= 6)
    for key in cells.recall():
        probe.rows[f"line {key[0]} {key[1]:g} px, {key[2]}"] = _cell(cells, key)


def _spots(probe: Probe, pictures: Sequence[Bytes]) -> None:
    cells = spots.run_spots(probe.marker, pictures, seed=probe.seed)
    drawn = [key for key in cells.recall() if len(key) == 3 and float(key[2]) >= 6]
    holes = [key for key in drawn if key[0] == "hole"]
    torn = [key for key in cells.recall() if len(key) == 2]
    for name, keys in (("spots of 6 px up", drawn), ("holes of 6 px up", holes), ("torn", torn)):
        probe.rows[f"{name}, worst"] = _worst_of(cells, keys)
    for key in cells.recall():
        size = f" {key[2]:g} px" if len(key) == 3 else " bed"
        probe.rows[f"{key[0]}, {key[1]}{size}"] = _cell(cells, key)


def _scales(probe: Probe, pictures: Sequence[Bytes]) -> None:
    places = np.linspace(0, len(pictures) - 1, min(SCALED, len(pictures))).round().astype(int)
    cells = scales.run_scales(probe.marker, [pictures[i] for i in places], seed=probe.seed)

    def at(cut: float) -> dict[float, float]:
        return scales.by_scale(cells.recall(cut, least=1))

    probe.rows["scales, worst / best"] = lambda cut: (
        min(at(cut).values()) / max(1e-9, max(at(cut).values()))
    )
    for scale in at(DEFAULT_CUT):
        probe.rows[f"lines on x{scale:g}"] = lambda cut, s=scale: at(cut)[s]  # type: ignore[misc]


def _sound(
    probe: Probe,
    undamaged: Sequence[choosing.Named],
    paths: Sequence[Path],
    data: Path,
    read: Read,
    faces: Path | None,
) -> None:
    find = FaceFinder(faces) if faces else None
    for one in undamaged:
        found = find(one.luma) if find and one.name.startswith(PRINTS) else ()
        group = one.name.split("/")[0]
        probe.looked.append(sound.look_at(probe.marker, one.luma, one.name, group, found))
    portraits = []
    for path in (p for p in paths if _folder(p, data) == PORTRAITS):
        one = _named(path, data, read)
        found = find(one.luma) if find else ()
        portraits.append(sound.look_at(probe.marker, one.luma, one.name, PORTRAITS, found))
    probe.rows["sound share, %"] = lambda cut: 100 * sound.counted_share(probe.looked, cut)
    probe.rows["sound share, % (raw)"] = lambda cut: 100 * sound.raw_share(probe.looked, cut)
    everything = [*probe.looked, *portraits]
    for group in dict.fromkeys(one.group for one in everything):
        members = [one for one in everything if one.group == group]
        _large_marks(probe, group, members)
    name, held = sound.heaviest(probe.looked)
    if math.isfinite(held):
        probe.notes.append(f"Most marked at the default cut: {name}, {100 * held:.0f} % of all.")
    if find:
        count = sum(len(one.faces) for one in everything)
        probe.rows[f"faces > 1 %, of {count}"] = lambda cut: float(
            sum(one.marked_faces(cut) for one in everything)
        )


def _large_marks(probe: Probe, group: str, members: Sequence[sound.SoundPicture]) -> None:
    probe.rows[f"{group}: > 200 px, of {len(members)}"] = lambda cut: float(
        sum(one.has_large_mark(cut) for one in members)
    )
    probe.rows[f"{group}: median %"] = lambda cut: (
        100 * float(np.median([one.marked(cut).mean() for one in members]))
    )


def _harm(probe: Probe) -> None:
    objects = harm.run_harm(probe.marker, harm_pictures(np.random.default_rng(probe.seed)))
    probe.rows["harm: worst object, %"] = lambda cut: 100 * max(o.filled(cut) for o in objects)
    probe.rows[f"harm: > 0.5 %, of {len(objects)}"] = lambda cut: float(
        sum(o.filled(cut) > 0.005 for o in objects)
    )
    features = sum(len(o.features) for o in objects)
    probe.rows[f"harm: features lost, of {features}"] = lambda cut: float(
        sum(o.lost_features(cut) for o in objects)
    )
    for kind in harm.by_kind(objects):
        probe.rows[f"harm: {kind}, %"] = lambda cut, k=kind: (  # type: ignore[misc]
            100 * harm.by_kind(objects, cut)[k]
        )
    for one in objects:
        probe.rows[f"harm: {one.name}, %"] = lambda cut, o=one: 100 * o.filled(cut)  # type: ignore[misc]


def _prints(probe: Probe, data: Path, split: str, read: Read, listed: Path) -> None:
    if not listed.is_file():
        probe.notes.append(
            f"No list of prints' defects ({listed.name}): the print set was left out."
        )
        return
    wanted = [one for one in prints.read_prints(listed) if one.split == split]
    photos = find_photos(data / DAMAGED, {one.sha256 for one in wanted})
    at_scale: dict[float, list[prints.Outcome]] = {scale: [] for scale in PRINT_SCALES}
    native: list[prints.Outcome] = []
    for one in (one for one in wanted if one.sha256 in photos):
        luma = np.asarray(luma_of(read(photos[one.sha256], None)), np.uint8)
        if luma.shape != (one.height, one.width):
            raise ValueError(f"{one.file} is not of the size that {listed.name} says.")
        native += prints.run_print(probe.marker, one, luma)
        for scale in PRINT_SCALES if one.large else ():
            factor = scale * min(1.0, LARGEST / max(luma.shape))
            at_scale[scale] += prints.run_print(probe.marker, one, scaled(luma, factor), factor)
    probe.notes.append(
        f"Prints: {len(photos)} of {len(wanted)} listed were found below {data.name}."
    )
    _print_rows(probe, native, at_scale)


def _print_rows(
    probe: Probe, native: list[prints.Outcome], at_scale: dict[float, list[prints.Outcome]]
) -> None:
    sets = {f"prints of {prints.LARGE} px up": [o for o in native if o.print.large]}
    sets["smaller prints"] = [o for o in native if not o.print.large]
    for strength in prints.STRENGTHS:
        sets[f"prints, {strength}"] = [o for o in native if o.defect.strength == strength]
    for kind in dict.fromkeys((o.defect.kind, o.defect.label) for o in native):
        chosen = [o for o in native if (o.defect.kind, o.defect.label) == kind]
        sets[f"prints, {kind[1]} as {kind[0]}"] = chosen
    sets |= {f"large prints x{scale:g}": found for scale, found in at_scale.items()}
    for name, found in sets.items():
        for part in ("removed", "partly", "missed", "defects") if found else ():
            probe.rows[f"{name}: {part}"] = lambda cut, f=found, p=part: (  # type: ignore[misc]
                prints.shares(f, cut)[p]
            )


def scaled(luma: Bytes, factor: float) -> Bytes:
    """Shrunk by area or enlarged by cubic interpolation."""
    if factor == 1:
        return luma
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = tuple(max(1, round(side * factor)) for side in luma.shape[::-1])
    return np.asarray(cv2.resize(luma, size, interpolation=way), np.uint8)


def _cell(cells: Cells, key: Key) -> Callable[[float], float]:
    return lambda cut: cells.recall(cut).get(key, math.nan)


def _within(recall: dict[Key, float], contrast: int, widths: Sequence[float]) -> dict[Key, float]:
    return {k: v for k, v in recall.items() if k[1] in widths and k[2] == contrast}


def _worst(cells: Cells, contrast: int, widths: Sequence[float]) -> Callable[[float], float]:
    return lambda cut: min(_within(cells.recall(cut), contrast, widths).values(), default=math.nan)


def _worst_of(cells: Cells, keys: Sequence[Key]) -> Callable[[float], float]:
    return lambda cut: min((cells.recall(cut)[key] for key in keys), default=math.nan)


def _mean(cells: Cells, wanted: Callable[[Key], bool]) -> Callable[[float], float]:
    def mean(cut: float) -> float:
        values = [value for key, value in cells.recall(cut).items() if wanted(key)]
        return float(np.mean(values)) if values else math.nan

    return mean
