"""The sound probe: what is marked where nothing is damaged, on scenes, prints, portraits, faces.

One photograph of a bridge can hold two thirds of all marks and so set the cut for everything.
Here none is counted above a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.imaging.adaptive_cut import FIXED, CutRule
from training.imaging.border import inner
from training.imaging.faces import Face
from training.probes.marker import DEFAULT_CUT, Bytes, Marker

ALLOWED = 0.003  # of the sound pixels: the share at which networks are compared
MOST = 0.1  # of all marks: more is not counted of one picture
LARGE = 200  # px: a mark that a visitor sees
FACE = 0.01  # of a face's pixels
Planes = NDArray[np.float16]


@dataclass(frozen=True)
class SoundPicture:
    """A sound picture's margins, H x W; the rim, which is never filled alone, is set to -100."""

    name: str
    group: str
    margins: Planes
    faces: tuple[Face, ...] = ()

    def marked(self, cut: float) -> NDArray[np.bool_]:
        """H x W: where the margin is above the cut."""
        return np.asarray(self.margins > cut)

    def marked_by(self, rule: CutRule, cut: float) -> int:
        """Marked pixels, where `rule` moves the cut."""
        shift = rule.shift(self.margins - np.float16(cut)) if rule.most else 0.0
        return int(self.marked(cut - shift).sum())

    def has_large_mark(self, cut: float) -> bool:
        """Whether any 8-connected mark holds more than LARGE px."""
        return holds_large(self.marked(cut))

    def marked_faces(self, cut: float) -> int:
        """Faces of whose box more than a hundredth is marked."""
        bits = self.marked(cut)
        boxes = (bits[f.y : f.y + f.height, f.x : f.x + f.width] for f in self.faces)
        return sum(bool(box.mean() > FACE) for box in boxes)


def holds_large(marked: NDArray[np.bool_]) -> bool:
    """Whether any 8-connected mark of an H x W plane holds more than LARGE px."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(marked.astype(np.uint8), connectivity=8)
    return bool(stats[1:, cv2.CC_STAT_AREA].max(initial=0) > LARGE)


def look_at(
    marker: Marker, picture: Bytes, name: str = "", group: str = "", faces: Sequence[Face] = ()
) -> SoundPicture:
    """The marker's margins on one sound picture, H x W (x 3) uint8; the rim counts as unmarked."""
    margin = np.clip(marker(picture), -100, 100).astype(np.float16)
    margin[~inner(np.ones(margin.shape, bool))] = -100
    return SoundPicture(name, group, margin, tuple(faces))


def run_sound(marker: Marker, pictures: Sequence[Bytes]) -> list[SoundPicture]:
    """The margins of every sound picture (luma H x W), for the functions below."""
    return [look_at(marker, picture) for picture in pictures]


def raw_share(looked: Sequence[SoundPicture], cut: float = DEFAULT_CUT) -> float:
    """Marked pixels over all pixels."""
    marked = sum(int(one.marked(cut).sum()) for one in looked)
    return marked / sum(one.margins.size for one in looked)


def counted_share(looked: Sequence[SoundPicture], cut: float = DEFAULT_CUT) -> float:
    """Share of the sound pixels marked, no picture counted above a tenth of what is counted.

    Who errs on a few pictures alone can hide that here: the raw share and the pictures with a
    large mark stand beside it.
    """
    return counted([int(one.marked(cut).sum()) for one in looked], _pixels(looked))


def counted(marked: Sequence[int], pixels: int) -> float:
    """The largest s with s x pixels = sum of min(marked, a tenth of max(s, ALLOWED) x pixels).

    So below ALLOWED a picture may hold a tenth of ALLOWED, and it is the same rule at ALLOWED.
    With fewer than ten pictures an even part stands for the tenth.
    """
    each = np.asarray(marked, float)
    most = max(MOST, 1 / len(each))
    share = float(each.sum()) / pixels
    for _ in range(200):
        held = float(np.minimum(each, most * max(share, ALLOWED) * pixels).sum()) / pixels
        if abs(held - share) < 1e-9:
            break
        share = held
    return share


def cut_at(looked: Sequence[SoundPicture], share: float = ALLOWED, rule: CutRule = FIXED) -> float:
    """The lowest cut (logits from the default) at which no more than `share` is counted.

    With a `rule` (which the margins must not have seen) the cut that gives way by it from there.
    """
    low, high = -30.0, 30.0
    pixels = _pixels(looked)
    for _ in range(30):
        middle = (low + high) / 2
        marked = [one.marked_by(rule, middle) for one in looked]
        low, high = (low, middle) if counted(marked, pixels) <= share else (middle, high)
    return high


def heaviest(looked: Sequence[SoundPicture], cut: float = DEFAULT_CUT) -> tuple[str, float]:
    """The picture with most marks, and its share of all marks (nan without any)."""
    marked = [int(one.marked(cut).sum()) for one in looked]
    most = int(np.argmax(marked))
    return looked[most].name, marked[most] / sum(marked) if sum(marked) else float("nan")


def _pixels(looked: Sequence[SoundPicture]) -> int:
    return sum(one.margins.size for one in looked)
