"""What is read of one photo's shapes: the mask, shapes by class, and what was left out and why."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from config.words.said import Words, reason_of, said
from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES, DAMAGE_FROM

from .content import Labels, bit_of

UNDAMAGED = "no damage"  # the label, tag or flag by which a file says so of a whole photo
NAMES = {bit: name for name, bit in CLASSES.items()}


@dataclass(frozen=True)
class How:
    """What a person says of a file: its classes' names, the width of lines in pixels, the level
    of 255 from which a picture is damage.
    """

    labels: Labels = field(default_factory=lambda: CLASSES)
    line_width: float | None = None
    threshold: int = DAMAGE_FROM


class Shapes:
    """Collects one photo's shapes in an H x W uint8 mask of class bits."""

    def __init__(self, width: int, height: int, how: How) -> None:
        self.width, self.height, self.how = width, height, how
        self.mask: Mask = np.zeros((height, width), np.uint8)
        self.taken: Counter[str] = Counter()
        self.left_out: Counter[Words] = Counter()
        self.notes: list[Words] = []
        self.undamaged = False

    def add(self, label: object, kind: str, draw: Callable[[], Plane]) -> None:
        """A shape that `draw` rasterises; one of an unknown class or without a pixel is left out.

        A damaged shape is a ValueError of `draw` and never left out.
        """
        try:
            bit = bit_of(label, self.how.labels)
        except ValueError as error:
            self.left_out[reason_of(error)] += 1
            return
        plane = draw()
        if not plane.any():
            self.left_out[said("shape.no-pixel", kind=kind, label=str(label))] += 1
            return
        self.mask[plane] |= np.uint8(bit)
        self.taken[NAMES[bit]] += 1

    def add_line(self, label: object, draw: Callable[[float], Plane]) -> None:
        """A line, which needs a width from the person."""
        if (wide := self.how.line_width) is None:
            self.left_out[said("shape.no-width", label=str(label))] += 1
            return
        self.add(label, "line", lambda: draw(wide))

    def leave_out(self, kind: object, label: object) -> None:
        """A kind of shape that has no pixels."""
        self.left_out[said("shape.no-mask", kind=str(kind), label=str(label))] += 1

    def leave_out_classless(self, kind: object, label: object) -> None:
        """A shape that says no class."""
        self.left_out[said("shape.classless", kind=str(kind), label=str(label))] += 1

    def note(self, words: Words) -> None:
        if words not in self.notes:
            self.notes.append(words)

    @property
    def nothing(self) -> bool:
        """Neither a shape nor a word that there is no damage."""
        return not (self.taken or self.left_out or self.undamaged)


@dataclass(frozen=True)
class Entry:
    """What is written of one photo: `name` with its ending, `read()` its H x W mask when its turn
    comes, `number` ours of the photo, `key` ours of the mask, `author` who made it.
    """

    name: str
    width: int
    height: int
    read: Callable[[], Mask]
    number: str = ""
    key: str = ""
    author: str = ""


def entries(masks: Mapping[str, Mask]) -> list[Entry]:
    """Of {photo name: mask}, without numbers."""
    return [
        Entry(name, mask.shape[1], mask.shape[0], partial(np.asarray, mask))
        for name, mask in masks.items()
    ]


def strict(shapes: Shapes) -> Mask:
    """The mask; ValueError with the first reason where anything was left out."""
    for reason in shapes.left_out:
        raise ValueError(reason)
    return shapes.mask
