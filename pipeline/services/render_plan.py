"""Which weights, mask and settings make which rendition, and the hash that names it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotate.models import DefectMask
from config.errors import Refused
from config.words.said import said
from photos.models import Blob, Photo
from pipeline.engine.guards.sessions import guards_named
from pipeline.models import Answer, Rendition, RestorationSettings
from training.models import ModelVersion, Promotion, Stage

# Raised when the engine would make another picture of the same weights and settings.
ENGINE = 1
FILL = 2  # the same for how marks are completed, grown and filled
COLOUR = 3  # and for what the views of a photograph make of its colours
STROKES = 1  # and for how strokes of colour spread
Kind = Rendition.Kind
DEFAULTS = RestorationSettings()
COLOURED = (Kind.INPAINTED_COLORIZED, Kind.COLORIZED)
# The stages that have a part in each kind of rendition.
PARTS: dict[str, tuple[str, ...]] = {
    Kind.MASK: (Stage.SEGMENTATION,),
    Kind.INPAINTED: (Stage.SEGMENTATION, Stage.INPAINTING),
    Kind.INPAINTED_COLORIZED: (Stage.SEGMENTATION, Stage.INPAINTING, Stage.COLORIZATION),
    Kind.COLORIZED: (Stage.COLORIZATION,),
}
# What a study compares of each stage: masks by what production's filler makes of them.
KIND_OF: dict[str, str] = {
    Stage.SEGMENTATION: Kind.INPAINTED,
    Stage.INPAINTING: Kind.INPAINTED,
    Stage.COLORIZATION: Kind.COLORIZED,
}


def needed(kind: str) -> list[str]:
    """A kind and the kinds it is made from."""
    before = {Kind.INPAINTED: [Kind.MASK], Kind.INPAINTED_COLORIZED: [Kind.MASK, Kind.INPAINTED]}
    return [str(each) for each in [*before.get(Kind(kind), []), kind]]


@dataclass(frozen=True)
class Correction:
    """The damage as the photo's owner marked it: tiles in the painter's format."""

    tiles: Blob
    digest: str


@dataclass(frozen=True)
class Plan:
    """All choices behind the renditions of one photo."""

    photo: Photo
    versions: dict[str, ModelVersion]
    painted: DefectMask | Correction | None = None
    settings: RestorationSettings = DEFAULTS
    answers: Mapping[str, bool] = field(default_factory=dict)
    """To the guards' questions about the photo."""
    colours: Sequence[Mapping[str, Any]] = ()
    """Strokes of colour over what the network coloured."""

    @property
    def human_mask(self) -> DefectMask | None:
        """The mask of a person of the lab that stands in for the network's."""
        return self.painted if isinstance(self.painted, DefectMask) else None

    @property
    def seed(self) -> int:
        """Of the grain: the photo's own, whatever else is chosen."""
        return int(self.photo.digest[:16], 16) if self.photo.original else 0

    def parts(self, kind: str) -> dict[str, ModelVersion]:
        """The weights behind a kind; a painted mask stands in for segmentation."""
        names = [name for name in PARTS[kind] if not (self.painted and name == Stage.SEGMENTATION)]
        return {name: self.versions[name] for name in names}

    def recipe(self, kind: str) -> str:
        facts: dict[str, object] = {"engine": ENGINE, "kind": str(kind)}
        facts |= {name: each.weights_sha256 for name, each in self.parts(kind).items()}
        facts["careful"] = self.settings.careful
        if kind != Kind.COLORIZED:
            facts["mask"] = self.painted.digest if self.painted else f"{self.settings.strength:.3f}"
            facts["fill"] = FILL
            if self.photo.infrared_id and not self.painted:
                facts["infrared"] = self.photo.infrared_id
            if not self.painted:
                facts |= {"guards": guards_named(), "answers": dict(self.answers)}
        if kind in (Kind.INPAINTED, Kind.INPAINTED_COLORIZED):
            facts["grain"] = self.settings.grain
        if kind in COLOURED:
            facts["colour"] = COLOUR
        if kind in COLOURED and self.colours:
            facts["colours"] = [STROKES, list(self.colours)]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def finished(self) -> dict[str, Rendition]:
        """Renditions that exist already, by kind."""
        rows = Rendition.objects.filter(photo=self.photo).select_related("image")
        by_recipe = {rendition.recipe: rendition for rendition in rows}
        wanted = {kind: self.recipe(kind) for kind in self.kinds}
        return {kind: by_recipe[recipe] for kind, recipe in wanted.items() if recipe in by_recipe}

    @property
    def kinds(self) -> list[str]:
        """What these weights can make."""
        known = {*self.versions, *([Stage.SEGMENTATION] if self.painted else [])}
        return [str(kind) for kind in Kind if set(PARTS[kind]) <= known]

    def standing_in(self, version: ModelVersion) -> "Plan":
        """The same plan with these weights at their stage, for a study: everything is coloured,
        and no answers count. Trying out a segmentation network never looks at a painted mask."""
        versions = {**self.versions, version.stage: version}
        painted = None if version.stage == Stage.SEGMENTATION else self.painted
        settings = replace(self.settings, colourise=True)
        plan = replace(self, versions=versions, painted=painted, settings=settings, answers={})
        return plan.unpainted

    @property
    def unanswered(self) -> "Plan":
        """The plan as it was before anybody answered a question."""
        return replace(self, answers={})

    @property
    def unpainted(self) -> "Plan":
        """The plan with the network's own colours."""
        return replace(self, colours=())


def production() -> dict[str, ModelVersion]:
    """The weights now in production, by stage; a stage without a promotion is left out."""
    current = {stage: Promotion.objects.current(stage) for stage in Stage.values}
    return {stage: row.version for stage, row in current.items() if row is not None}


def plan_for(
    photo: Photo,
    settings: RestorationSettings = DEFAULTS,
    *,
    correction: Correction | None = None,
    colours: Sequence[Mapping[str, Any]] | None = None,
) -> Plan:
    """Production's plan. A reviewed human mask of the photo overrides the network's, and its
    owner's correction overrides both."""
    accepted = DefectMask.objects.accepted().wanted().filter(photo=photo)
    painted = accepted.exclude(tiles=None).order_by("-submitted_at", "-created_at").first()
    answers = Answer.objects.of(photo)
    chosen = correction or painted
    return Plan(photo, production(), chosen, settings, answers, colours or ())


def check_complete(plan: Plan) -> None:
    """Refuses a plan that lacks a stage, in a sentence."""
    missing = [stage for stage in Stage.values if stage not in plan.versions]
    if missing:
        names = ", ".join(missing)
        raise Refused(said("restore.not-in-production", stages=names))
