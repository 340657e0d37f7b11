"""A candidate beside production on the same photographs, and what speaks against it."""

from dataclasses import dataclass, field
from typing import Any

from config.words.said import Said, said
from training import display_text
from training.models import Evaluation, ModelVersion, Promotion, Stage
from training.services.judging.measuring import of_unknown_origin

FEW = 20  # photographs; fewer say little: one odd picture moves a mean by more than versions differ
# Per stage: the figure that decides, and whether more of it is better.
DECIDES = {
    Stage.SEGMENTATION: ("dice", True),
    Stage.INPAINTING: ("psnr_holes", True),
    Stage.COLORIZATION: ("mse_cbcr", False),
}
SHOWN = {
    Stage.SEGMENTATION: ("dice", "precision", "recall", "tolerant_f1", "auc", "ap"),
    Stage.INPAINTING: ("psnr_holes", "psnr", "ssim"),
    Stage.COLORIZATION: ("mse_cbcr", "psnr_rgb", "to_grey"),
}


@dataclass
class Beside:
    """What the page shows: figures on one set, pictures by caption, warnings."""

    candidate: ModelVersion
    production: ModelVersion | None
    own: Evaluation | None = None
    theirs: Evaluation | None = None
    warnings: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, float | None, float | None]]:
        """(measure in words, the candidate's, production's)."""
        mine = self.own.own if self.own else {}
        others = self.theirs.own if self.theirs else {}
        names = SHOWN[Stage(self.candidate.stage)]
        found = [name for name in names if mine.get(name) is not None]
        return [(display_text.measured(n), mine.get(n), others.get(n)) for n in found]

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The same photographs as both answered them when their exports were checked."""
        theirs = (
            {row.caption: row for row in self.production.pictures.all()} if self.production else {}
        )
        return [
            {"own": row, "theirs": theirs.get(row.caption)} for row in self.candidate.pictures.all()
        ]


def beside_production(version: ModelVersion) -> Beside:
    """The newest set that both were measured on, else the candidate's newest."""
    current = Promotion.objects.current(version.stage)
    rival = current.version if current and current.version_id != version.pk else None
    found = Beside(version, rival)
    mine = list(version.evaluations.measured().select_related("snapshot").order_by("-measured_at"))
    if rival is not None:
        theirs = {
            (row.snapshot_id, row.part, row.digest): row for row in rival.evaluations.measured()
        }
        shared = ((row, theirs.get((row.snapshot_id, row.part, row.digest))) for row in mine)
        found.own, found.theirs = next(
            ((row, other) for row, other in shared if other is not None), (None, None)
        )
    found.own = found.own or next(iter(mine), None)
    found.warnings, found.notes = _warnings(found), _notes(found)
    return found


def _notes(found: Beside) -> list[Said]:
    """What asks for no second admin: networks are mostly taught on from those that ship."""
    first = of_unknown_origin(found.candidate)
    if first is None or first == found.candidate:
        return []
    return [said("promotion.began-from-unknown", version=first.name)]


def _warnings(found: Beside) -> list[Said]:
    own = found.own
    if own is None:
        return [said("promotion.never-measured")]
    told = []
    if found.production is not None and found.theirs is None:
        told.append(said("promotion.not-beside", production=found.production.name))
    if own.pictures < FEW:
        told.append(said("promotion.few-photographs", count=own.pictures, wanted=FEW))
    if own.trained_on:
        count, pictures = own.trained_on, own.pictures
        told.append(said("promotion.own-photographs", count=count, pictures=pictures))
    if of_unknown_origin(found.candidate) == found.candidate:
        told.append(said("promotion.origin-unknown"))
    return [*told, *_worse(found)]


def _worse(found: Beside) -> list[Said]:
    """Where production's figure is better on the same photographs, or where one has none."""
    if found.own is None or found.theirs is None or found.production is None:
        return []
    name, more = DECIDES[Stage(found.candidate.stage)]
    mine, theirs = found.own.own.get(name), found.theirs.own.get(name)
    words = display_text.measured(name)
    if mine is None or theirs is None:
        return [said("promotion.undefined", measure=words)] if theirs is not None else []
    if mine == theirs or (mine > theirs) == more:
        return []
    rival = found.production.name
    return [said("promotion.worse", production=rival, measure=words, mine=mine, theirs=theirs)]
