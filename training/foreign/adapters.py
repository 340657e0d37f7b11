"""How a published network wants its pictures and what it answers: data in TOML, checked when read.

docs/rivals.md tells every word. An adapter is a plain table, so that a card can keep it whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photos.masks.classes import BITS
from training.foreign.table_values import (
    AdapterError,
    flag,
    known,
    number,
    numbers,
    one_of,
    rows,
    section,
    span,
    text,
    whole,
)

PRESETS = Path(__file__).parent / "presets"
STAGES = ("segmentation", "inpainting", "colorization")
# What an input may hold, with its channels: several stand one after another in the same input.
CHANNELS = {"rgb": 3, "bgr": 3, "grey_rgb": 3, "luma": 1, "lab_l": 1, "lab_l_rgb": 3, "mask": 1}
# What an output may be, by stage, with its channels; damage has one for each class it tells.
ANSWERS = {
    "segmentation": {"logits": 0, "probabilities": 0},
    "inpainting": {"rgb": 3, "bgr": 3},
    "colorization": {"rgb": 3, "bgr": 3, "ab": 2, "cbcr": 2},
}
LAYOUTS, POLICIES = ("NCHW", "NHWC"), ("fixed", "multiple", "free")
LARGEST_SIDE, LARGEST_MULTIPLE = 4096, 512
MEASURED = "measured"  # of an output's range: the trial at the import tells 0..1 from 0..255


@dataclass(frozen=True)
class Input:
    """One input of the graph; `low` and `high` are what 0 and 1 become before mean and deviation
    are taken off, `hole` is what a missing pixel has in its mask."""

    name: str
    holds: tuple[str, ...]
    layout: str
    low: float
    high: float
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    hole: float
    zeroed: bool

    @property
    def channels(self) -> int:
        """Of the array that the graph is given."""
        return sum(CHANNELS[each] for each in self.holds)


@dataclass(frozen=True)
class Output:
    """The output that is read; `low` and `high` are what stands for 0 and 1 in an RGB answer."""

    name: str
    answer: str
    layout: str
    low: float
    high: float
    classes: tuple[str, ...]
    cut: float
    measured: bool

    @property
    def channels(self) -> int:
        """Of the array that the graph answers."""
        return len(self.classes) or {**ANSWERS["inpainting"], "ab": 2, "cbcr": 2}[self.answer]


@dataclass(frozen=True)
class Adapter:
    """`side` is (height, width) of a fixed network, else None; sides are multiples."""

    name: str
    stage: str
    inputs: tuple[Input, ...]
    output: Output
    side: tuple[int, int] | None
    multiple: int
    hole_size_max: float
    table: Mapping[str, Any]

    @property
    def wants_colour(self) -> bool:
        """Whether any input needs more than luma."""
        return any({"rgb", "bgr"} & set(each.holds) for each in self.inputs)


def names() -> list[str]:
    """Of the presets that ship."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(name: str) -> Adapter:
    """A shipped adapter by its name. Raises AdapterError."""
    if name not in names():
        raise AdapterError(f"There is no adapter {name!r}; there is {', '.join(names())}.")
    return read((PRESETS / f"{name}.toml").read_text())


def read(text: str) -> Adapter:
    """The adapter of a TOML text. Raises AdapterError with a sentence."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AdapterError(f"The adapter is no TOML: {error}.") from error
    return of_table(table)


def of_table(table: Mapping[str, Any]) -> Adapter:
    """The adapter of a table, as TOML gives it or as a card keeps it. Raises AdapterError."""
    known(table, "The adapter", {"name", "stage", "title", "source", "licence", "notes",
                                 "size", "input", "output", "hole_size_max"})  # fmt: skip
    stage = one_of(table, "stage", STAGES)
    inputs = [_input(row) for row in rows(table, "input")]
    side, multiple = _size(section(table, "size"))
    found = Adapter(
        name=text(table, "name"),
        stage=stage,
        inputs=tuple(inputs),
        output=_output(section(table, "output"), stage),
        side=side,
        multiple=multiple,
        hole_size_max=number(table, "hole_size_max", 96.0, 1.0, 4096.0),
        table=dict(table),
    )
    _check_stage(found)
    return found


def _check_stage(adapter: Adapter) -> None:
    held = [name for each in adapter.inputs for name in each.holds]
    if adapter.stage == "inpainting" and held.count("mask") != 1:
        raise AdapterError("A network that fills needs its mask in exactly one input.")
    if adapter.stage != "inpainting" and "mask" in held:
        raise AdapterError(f"A network for {adapter.stage} is given no mask.")
    if set(held) == {"mask"}:
        raise AdapterError("No input holds the picture.")
    if adapter.stage == "colorization" and adapter.wants_colour:
        raise AdapterError("A network that adds colour sees none: grey_rgb, luma or lab_l.")
    if len({each.name for each in adapter.inputs}) < len(adapter.inputs):
        raise AdapterError("Two inputs have the same name.")


def _input(row: Mapping[str, Any]) -> Input:
    known(row, "An input", {"name", "holds", "layout", "range", "mean", "deviation", "hole",
                            "zeroed"})  # fmt: skip
    holds = row.get("holds")
    if not isinstance(holds, list) or not holds or not set(map(str, holds)) <= set(CHANNELS):
        raise AdapterError(f"holds is a list of any of {', '.join(CHANNELS)}, not {holds!r}.")
    low, high = span(row, [0.0, 1.0])
    channels = sum(CHANNELS[each] for each in holds if each != "mask")
    return Input(
        name=text(row, "name"),
        holds=tuple(holds),
        layout=one_of(row, "layout", LAYOUTS, "NCHW"),
        low=low,
        high=high,
        mean=numbers(row, "mean", channels, 0.0),
        deviation=_deviation(row, channels),
        hole=number(row, "hole", 1.0, 0.0, 1.0),
        zeroed=flag(row, "zeroed"),
    )


def _deviation(row: Mapping[str, Any], channels: int) -> tuple[float, ...]:
    found = numbers(row, "deviation", channels, 1.0)
    if not all(each > 0 for each in found):
        raise AdapterError("A deviation must be above 0.")
    return found


def _output(row: Mapping[str, Any], stage: str) -> Output:
    known(row, "The output", {"name", "is", "layout", "range", "classes", "cut"})
    answer = one_of(row, "is", tuple(ANSWERS[stage]))
    measured = row.get("range") == MEASURED
    low, high = (0.0, 1.0) if measured else span(row, [0.0, 1.0])
    classes = row.get("classes", ["fracture"]) if stage == "segmentation" else []
    if not isinstance(classes, list) or not set(map(str, classes)) <= set(BITS):
        raise AdapterError(f"classes is a list of any of {', '.join(BITS)}, not {classes!r}.")
    if len(set(classes)) < len(classes) or (stage == "segmentation" and not classes):
        raise AdapterError("classes names each channel of the answer once.")
    return Output(
        name=str(row.get("name", "")),
        answer=answer,
        layout=one_of(row, "layout", LAYOUTS, "NCHW"),
        low=low,
        high=high,
        classes=tuple(classes),
        cut=number(row, "cut", 0.5, 0.001, 0.999),
        measured=measured,
    )


def _size(row: Mapping[str, Any]) -> tuple[tuple[int, int] | None, int]:
    known(row, "The size", {"policy", "height", "width", "multiple"})
    policy = one_of(row, "policy", POLICIES)
    if policy == "free":
        return None, 1
    if policy == "multiple":
        return None, whole(row, "multiple", LARGEST_MULTIPLE)
    return (whole(row, "height", LARGEST_SIDE), whole(row, "width", LARGEST_SIDE)), 1
