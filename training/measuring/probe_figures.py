"""Figures of the probes by name, each readable at any cut."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from config.words.pairs import Said, said
from training.probes import prints, scales, sound
from training.probes.cells import Cells, Key, worst
from training.probes.harm import objects as harm
from training.probes.marker import DEFAULT_CUT

HEADLINE = (1.5, 3.0, 6.0, 12.0, 24.0)  # px: the widths whose worst cell leads; 40 px stands beside
SPOT = 6  # px: smaller spots stand beside the headline, too

T = TypeVar("T")
Figure = Callable[[float], float]
"""A figure as a function of the cut (logits from the default)."""


@dataclass
class Figures:
    """What leads the table, what follows, and what must be said beside it."""

    head: dict[str, Figure] = field(default_factory=dict)
    rows: dict[str, Figure] = field(default_factory=dict)
    notes: list[Said] = field(default_factory=list)

    def at(self, cut: float) -> dict[str, float]:
        return {"cut": cut} | {key: row(cut) for key, row in (self.head | self.rows).items()}


def add_lines(figures: Figures, cells: Cells) -> None:
    for contrast in (90, 35):
        figures.head[f"lines worst, {contrast}"] = _worst(cells, contrast)
        key, value = worst(_headline(cells.recall(least=1), contrast))
        figures.notes.append(
            said("measured.worst-line", contrast=contrast, kind=key[0], width=key[1], value=value)
        )
    figures.head["lines light 1.5-6, mean"] = _light_mean(cells)
    for key in cells.recall():
        figures.rows[f"line {key[0]} {key[1]:g} px, {key[2]}"] = _cell(cells, key)


def add_spots(figures: Figures, cells: Cells) -> None:
    found = cells.recall()
    drawn = [key for key in found if len(key) == 3 and float(key[2]) >= SPOT]
    holes = [key for key in drawn if key[0] == "hole"]
    torn = [key for key in found if len(key) == 2]
    for name, keys in (("spots of 6 px up", drawn), ("holes of 6 px up", holes), ("torn", torn)):
        figures.head[f"{name}, worst"] = _worst_of(cells, keys)
    for key in found:
        size = f" {key[2]:g} px" if len(key) == 3 else " bed"
        figures.rows[f"{key[0]}, {key[1]}{size}"] = _cell(cells, key)


def add_scales(figures: Figures, cells: Cells) -> None:
    def at(cut: float) -> dict[float, float]:
        return scales.by_scale(cells.recall(cut, least=1))

    def worst_to_best(cut: float) -> float:
        values = at(cut).values()
        return min(values) / max(values) if max(values) > 0 else math.nan

    figures.head["scales, worst / best"] = worst_to_best
    for scale in at(DEFAULT_CUT):
        figures.rows[f"lines on x{scale:g}"] = _item(at, scale)


def add_sound(
    figures: Figures,
    looked: Sequence[sound.SoundPicture],
    portraits: Sequence[sound.SoundPicture],
    *,
    with_faces: bool,
) -> None:
    """`looked` (scenes and prints) have the share; the portraits only their marks and faces."""
    figures.head["sound share, %"] = lambda cut: 100 * sound.counted_share(looked, cut)
    figures.head["sound share, % (raw)"] = lambda cut: 100 * sound.raw_share(looked, cut)
    everything = [*looked, *portraits]
    for group in dict.fromkeys(one.group for one in everything):
        _add_group(figures, group, [one for one in everything if one.group == group])
    name, held = sound.heaviest(looked)
    if math.isfinite(held):
        figures.notes.append(said("measured.most-marked", name=name, share=held))
    if with_faces:
        count = sum(len(one.faces) for one in everything)
        figures.head[f"faces > 1 %, of {count}"] = lambda cut: float(
            sum(one.marked_faces(cut) for one in everything)
        )


def _add_group(figures: Figures, group: str, members: Sequence[sound.SoundPicture]) -> None:
    figures.head[f"{group}: > 200 px, of {len(members)}"] = lambda cut: float(
        sum(one.has_large_mark(cut) for one in members)
    )
    figures.rows[f"{group}: median %"] = lambda cut: (
        100 * float(np.median([one.marked(cut).mean() for one in members]))
    )


def add_harm(figures: Figures, objects: Sequence[harm.Object]) -> None:
    features = sum(len(one.features) for one in objects)
    figures.head["harm: worst object, %"] = lambda cut: 100 * max(o.filled(cut) for o in objects)
    figures.head[f"harm: > 0.5 %, of {len(objects)}"] = lambda cut: float(
        sum(one.filled(cut) > 0.005 for one in objects)
    )
    figures.head[f"harm: features lost, of {features}"] = lambda cut: float(
        sum(one.lost_features(cut) for one in objects)
    )

    def by_kind(cut: float) -> dict[str, float]:
        return {kind: 100 * value for kind, value in harm.by_kind(objects, cut).items()}

    for kind in by_kind(DEFAULT_CUT):
        figures.rows[f"harm: {kind}, %"] = _item(by_kind, kind)
    for one in objects:
        figures.rows[f"harm: {one.name}, %"] = _filled(one)


def add_prints(
    figures: Figures,
    native: Sequence[prints.Outcome],
    at_scale: dict[float, list[prints.Outcome]],
) -> None:
    """Prints of 700 px and more lead; small ones, strengths, kinds and scales follow."""
    _add_verdicts(figures.head, f"prints of {prints.LARGE} px up", _large(native))
    _add_verdicts(figures.rows, "smaller prints", [one for one in native if not one.print.large])
    for strength in prints.STRENGTHS:
        chosen = [one for one in native if one.defect.strength == strength]
        _add_verdicts(figures.rows, f"prints, {strength}", chosen)
    for label, kind in dict.fromkeys((one.defect.label, one.defect.kind) for one in native):
        chosen = [o for o in native if (o.defect.label, o.defect.kind) == (label, kind)]
        _add_verdicts(figures.rows, f"prints, {label} as {kind}", chosen)
    for scale, found in at_scale.items():
        _add_verdicts(figures.rows, f"large prints x{scale:g}", found)


def _large(native: Sequence[prints.Outcome]) -> list[prints.Outcome]:
    return [one for one in native if one.print.large]


def _add_verdicts(rows: dict[str, Figure], name: str, found: Sequence[prints.Outcome]) -> None:
    def at(cut: float) -> dict[str, float]:
        return prints.shares(found, cut)

    for part in ("removed", "partly", "missed", "defects") if found else ():
        rows[f"{name}: {part}"] = _item(at, part)


def _item(table: Callable[[float], dict[T, float]], key: T) -> Figure:
    return lambda cut: table(cut)[key]


def _filled(one: harm.Object) -> Figure:
    return lambda cut: 100 * one.filled(cut)


def _cell(cells: Cells, key: Key) -> Figure:
    return lambda cut: cells.recall(cut).get(key, math.nan)


def _headline(recall: dict[Key, float], contrast: int) -> dict[Key, float]:
    return {k: v for k, v in recall.items() if k[1] in HEADLINE and k[2] == contrast}


def _worst(cells: Cells, contrast: int) -> Figure:
    return lambda cut: min(_headline(cells.recall(cut), contrast).values(), default=math.nan)


def _worst_of(cells: Cells, keys: Sequence[Key]) -> Figure:
    def least(cut: float) -> float:
        found = cells.recall(cut)
        return min((found[key] for key in keys), default=math.nan)

    return least


def _light_mean(cells: Cells) -> Figure:
    def mean(cut: float) -> float:
        found = cells.recall(cut)
        values = [v for k, v in found.items() if k[0] == "light" and float(k[1]) <= 6]
        return float(np.mean(values)) if values else math.nan

    return mean
