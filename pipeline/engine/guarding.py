"""The guards in the chain: from the finder's probabilities to the mask and its questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from config.words.pairs import Said, said
from pipeline.engine.guards.certainty import IN_DOUBT, Marks, given_way, margins, off_the_rim
from pipeline.engine.guards.deciding import Guarded, guard
from pipeline.engine.guards.foreseen import foreseen
from pipeline.engine.guards.objects.frame import without_frame
from pipeline.engine.guards.proposals import answered, packed
from pipeline.engine.pixels import Picture, peak
from pipeline.engine.segmentation import classify, shares, warnings
from training.imaging.adaptive_cut import FIXED, CutRule

LITTLE, TORN = 0.002, 0.02  # parts of the picture: found so little, doubted so much
Plane = NDArray[np.uint8]


@dataclass(frozen=True)
class Guarding:
    """A guarded mask: what is filled unasked, and the questions with the plane they stand in."""

    bits: Plane
    asked: Plane
    """As `guards.proposals.packed`; 0 where nothing is asked."""
    report: dict[str, Any] = field(default_factory=dict)
    levels: Plane | None = None
    """As `guards.foreseen.foreseen`: what another strength would fill; None where not known."""

    def answered(self, answers: Mapping[str, bool]) -> tuple[Plane, dict[str, Any]]:
        """(the mask with what was answered yes, what is to be reported of it).

        The mask is H x W class bits.
        """
        bits, left = answered(self.bits, self.asked, self.report.get("proposals", []), answers)
        facts = {**self.report, **shares(bits), "proposals": left, "left_for_you": len(left)}
        facts["status"] = status(bits, facts)
        return bits, facts

    def everything(self) -> dict[str, bool]:
        """A yes to each question."""
        return {each["id"]: True for each in self.report.get("proposals", [])}


def guarded(
    image: Picture,
    bands: Iterable[NDArray[np.float32]],
    cuts: Sequence[float],
    *,
    rule: CutRule = FIXED,
    above: float = 0.0,
) -> Guarding:
    """The guards' word on h x w x 3 probabilities that come in bands from the top.

    `rule` and `above` are those of `certainty.given_way`.
    """
    grey = grey_bytes(image)
    read = inside(grey, _read(bands, cuts))
    marks, gave_way = given_way(read, rule, above)
    found = guard(grey, marks)
    report: dict[str, Any] = {"doubted": _doubted(read), "cut_gave_way": gave_way}
    report |= {**_said(found), **shares(found.bits)}
    report["warnings"] = warnings(report["covered"]) + _beyond(found.beyond)
    asked = packed(found.labels, marks.surest)
    return Guarding(found.bits, asked, report, foreseen(marks, found))


def inside(grey: Plane, marks: Marks) -> Marks:
    """The H x W marks without the scan's edge and frame, which are no evidence of damage either."""
    return without_frame(grey, off_the_rim(marks))


def _doubted(marks: Marks) -> float:
    """The part of the picture, 0..1, in doubt."""
    return float((marks.margin > IN_DOUBT).mean())


def _read(bands: Iterable[NDArray[np.float32]], cuts: Sequence[float]) -> Marks:
    """Planes of one byte instead of probabilities."""
    bits, margin, surest = [], [], []
    for band in bands:
        bits.append(classify(band, list(cuts)))
        tenths, best = margins(band, cuts)
        margin.append(tenths)
        surest.append(best)
    return Marks(np.concatenate(bits), np.concatenate(margin), np.concatenate(surest))


def grey_bytes(image: Picture) -> Plane:
    """H x W, 8 bits: what detectors look at."""
    pixels = image if image.dtype == np.uint8 else (image // 257).astype(np.uint8)
    grey = pixels if peak(pixels) and pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(grey)


def _said(found: Guarded) -> dict[str, Any]:
    asked = [proposal.said() for proposal in found.proposals]
    faces = [face.said() for face in found.faces]
    return {"faces": faces, "proposals": asked, "left_for_you": len(asked), "beyond": found.beyond}


def _beyond(count: int) -> list[Said]:
    return [said("engine.beyond", count=count)] if count else []


def status(bits: Plane, facts: Mapping[str, Any]) -> str:
    """ "nothing found", "little found" of a picture that looks torn, or "found".

    `bits` is H x W, not 0 = found.
    """
    covered = float(np.count_nonzero(bits)) / bits.size
    if covered < LITTLE and facts.get("doubted", 0.0) > TORN:
        return "little found"
    return "found" if covered or facts.get("left_for_you") else "nothing found"
