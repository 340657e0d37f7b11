"""Which photos a study with rivals runs on, and what each candidate did beside its task."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.errors import Refused
from evaluation.models import Candidate, RivalPicture, Study
from evaluation.stimuli import fitting, settling
from photos.masks.classes import DEFECTS
from photos.models import Photo, PhotoQuerySet
from pipeline.services import render_plan
from pipeline.services.rendering import reading
from training.models import Stage

Figures = dict[str, float]
Outputs = Mapping[Candidate | None, NDArray[Any]]


def shared_photos(study: Study) -> PhotoQuerySet:
    """Those that every rival has a picture of. Raises Refused where there are none."""
    found = study.photos.all()
    for rival in study.rivals.all():
        found = found.filter(pk__in=rival.pictures.values("photo"))
    if not found.exists():
        raise Refused("No photo has a picture of every rival: nothing can be compared.")
    return found


def of_task(study: Study, photo: Photo) -> NDArray[np.generic] | None:
    """What the candidates were asked to change, H x W, not 0; None where it is everything."""
    if study.stage != Stage.INPAINTING:
        return None
    plan = render_plan.plan_for(photo).unanswered
    painted = reading.painted(plan)
    if painted is not None:
        return painted
    mask = plan.finished().get(str(render_plan.Kind.MASK))
    return None if mask is None else reading.pixels_of(mask) & np.uint8(DEFECTS)


def lacks(study: Study, photo: Photo) -> fitting.Margins:
    """The margins of a photo that one of the rivals has nothing of: no candidate shows them."""
    rows = RivalPicture.objects.filter(rival__study=study, photo=photo).exclude(lacks=None)
    known = [fitting.NOTHING, *rows.values_list("lacks", flat=True)]
    top, right, bottom, left = (max(side) for side in zip(*known, strict=True))
    return top, right, bottom, left


def shown(study: Study, photo: Photo, outputs: Outputs) -> tuple[Outputs, dict[Candidate, Figures]]:
    """The outputs as they are copied; what each changed outside its task, how its luma drifted."""
    hole, margins = of_task(study, photo), lacks(study, photo)
    part = None if hole is None else fitting.without(hole, margins)
    original = fitting.without(outputs[None], margins)
    figures = {
        candidate: fitting.figures(fitting.without(pixels, margins), original, part)
        for candidate, pixels in outputs.items()
        if candidate is not None
    }
    copied = settling.settled(
        outputs, original=None, lacks=margins, hole=hole,
        coloured=study.stage == Stage.COLORIZATION,
    )  # fmt: skip
    return copied, figures


def means(study: Study, candidates: Sequence[Candidate]) -> list[Figures]:
    """The figures of each candidate over all photos, by position; empty where nothing is known."""
    found = []
    for candidate in candidates:
        rows = study.blind_copies.outputs().filter(candidate=candidate).exclude(figures=None)
        known: list[Figures] = [row for row in rows.values_list("figures", flat=True) if row]
        names = known[0] if known else {}
        found.append({n: round(float(np.mean([row[n] for row in known])), 4) for n in names})
    return found
