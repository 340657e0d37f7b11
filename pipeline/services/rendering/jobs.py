"""The jobs that make pictures; they import the engine, and only while they run."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from numpy.typing import NDArray

from annotate import services as annotate
from config.errors import Refused
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue, State
from photos import services as photos
from photos.decoding import scans
from photos.masks.classes import DEFECTS
from photos.models import Blob, Origin, Photo
from pipeline.imageio import encode
from pipeline.models import Rendition, Restoration, RestorationSettings, expiry
from pipeline.services import corrections, render_plan, webhooks
from pipeline.services.progress.steps import DONE, READ, of_engine
from pipeline.services.rendering import faces, keeping
from pipeline.services.rendering.model_loading import open_version
from pipeline.services.rendering.recolouring import recolour
from pipeline.services.rendering.toning import tone
from training.models import ModelVersion

if TYPE_CHECKING:
    from pipeline.engine.pipeline import Earlier


@job(Precedence.VISITOR)
def restore(work: Work, restoration: str) -> None:
    """The three results of a restoration; an erased one has nothing to do."""
    row = Restoration.objects.with_all().filter(pk=restoration).first()
    if row is None:
        return
    photo = _ready(work, row.photo)
    with work.fenced():
        restore_other_pages_later(row)
    plan = render_plan.plan_for(
        photo, row.chosen, correction=corrections.of(row), colours=row.colours
    )
    render_plan.check_complete(plan)
    made = _render(work, plan.unpainted, plan.kinds)
    working = partial(_working, photo)
    made |= recolour(work, plan, made, _pixels, working)
    tone(work, row, made, _pixels)
    work.progress(DONE, "Keeping the results")
    with work.finished():
        row.renditions.set(made.values())
        webhooks.tell_later(row, State.SUCCEEDED)


def restore_other_pages_later(restoration: Restoration) -> list[Restoration]:
    """One for each further photograph of a visitor's file, with the same choices; once."""
    waiting = restoration.photo.pages.filter(origin=Origin.VISITOR, restorations=None)
    with transaction.atomic():
        return [
            restoration_later(page, restoration.owner, restoration.chosen)
            for page in waiting.exclude(state=Photo.State.ERASED).order_by("page")
        ]


def restoration_later(
    photo: Photo, owner: User | None, settings: RestorationSettings
) -> Restoration:
    """The first one of a photo; a visitor's has a last day."""
    restoration = Restoration(
        photo=photo,
        owner=owner,
        settings=settings.as_json(),
        expires_at=expiry() if photo.origin == Origin.VISITOR else None,
    )
    return queued(restoration)


def queued(restoration: Restoration, queue: str = Queue.INTERACTIVE) -> Restoration:
    """Saves it with the job that makes it."""
    restoring = restore.using(
        queue=queue, title="Restore a photograph", created_by=restoration.owner
    )
    restoration.job = restoring.later(restoration=str(restoration.pk))
    restoration.save(force_insert=True)
    restoration.refresh_from_db()
    return restoration


@job(Precedence.STUDY, queue=Queue.MAINTENANCE)
def render(work: Work, photo: str, version: str) -> None:
    """One rendition by named weights, for a study."""
    weights = ModelVersion.objects.get(pk=version)
    plan = render_plan.plan_for(_ready(work, Photo.objects.get(pk=photo))).standing_in(weights)
    wanted = render_plan.KIND_OF[weights.stage]
    _render(work, plan, render_plan.needed(wanted))
    with work.finished():
        pass


@job(Precedence.PREVIEW, queue=Queue.MAINTENANCE)
def suggest(work: Work, photo: str) -> None:
    """The production network's map of likely damage, looked at twice, for the painter."""
    from pipeline.engine.segmentation import NEUTRAL, find_defects, suggestion, thresholds

    row = _ready(work, Photo.objects.get(pk=photo))
    version = render_plan.production().get("segmentation")
    if version is None:
        raise Refused("No segmentation network is in production.")
    network = open_version(version)
    image = scans.read_working(_file(row.working))
    cuts = thresholds(network.card, looks=True)
    bands = find_defects(image, network, looks=True, progress=of_engine(work.progress))
    picture = scans.write_png(np.concatenate([suggestion(found, cuts) for found in bands]))
    with work.finished():
        annotate.save_suggestion(
            photo=row, weights=version.weights_sha256, probability_png=picture, threshold=NEUTRAL
        )


def _ready(work: Work, photo: Photo) -> Photo:
    """The photo once it is decoded (in annotate's own process); refused with its reason."""
    if photo.state == Photo.State.RECEIVED:
        work.progress(0.0, "Reading the photograph")
        photos.read_photo(photo)
        photo.refresh_from_db()
    if photo.state != Photo.State.READY:
        raise Refused(photo.reason or "This photograph is no longer here.")
    return photo


def _render(work: Work, plan: render_plan.Plan, kinds: Collection[str]) -> dict[str, Rendition]:
    """Renditions by kind: those that exist are kept, each other one is saved when it is ready.

    A worker that is killed leaves what it finished; the next attempt goes on from there.
    """
    from pipeline.engine.colourful import why_skipped
    from pipeline.engine.pipeline import Options
    from pipeline.engine.pipeline import restore as run

    work.progress(READ, "Opening the networks")
    made = {kind: row for kind, row in plan.finished().items() if kind in kinds}
    if set(made) == set(kinds):
        return made
    networks = {stage: open_version(version) for stage, version in plan.versions.items()}
    image = scans.read_working(_file(plan.photo.working))
    shown = faces.found_in(image) | {"in_colour": why_skipped(image)}
    results = run(
        image,
        networks,
        Options(
            careful=plan.settings.careful,
            strength=plan.settings.strength,
            colour=plan.settings.colourise,
            answers=plan.answers,
            grain=plan.settings.grain,
            seed=plan.seed,
        ),
        painted=_painted(plan),
        earlier=_earlier(plan),
        done={kind: partial(_pixels, row) for kind, row in made.items()},
        infrared=_infrared(plan),
        kinds=kinds,
        progress=of_engine(work.progress),
    )
    del image  # the engine lets go of it when it can
    for result in results:
        files = keeping.files_of(result, keeping.planned_marks(plan, result.kind))
        report = result.report | shown
        report |= {
            "weights": {name: networks[name].described() for name in plan.parts(result.kind)}
        }
        with work.fenced():
            made[result.kind] = keeping.keep_rendition(plan, result.kind, files, report)
        del result, files  # the next one is as large
    return made


def _painted(plan: render_plan.Plan) -> NDArray[np.uint8] | None:
    """The bits of a person's mask; what was left undecided (`ignore`) is not touched."""
    if plan.painted is None:
        return None
    if isinstance(plan.painted, render_plan.Correction):
        return corrections.read(plan.photo, plan.painted)
    return annotate.read_mask(plan.painted) & np.uint8(DEFECTS)


def _infrared(plan: render_plan.Plan) -> NDArray[Any] | None:
    """What the scanner saw of dust alone; a person's mask says enough."""
    if plan.photo.infrared is None or plan.painted is not None:
        return None
    return scans.read_working(plan.photo.infrared)


def _earlier(plan: render_plan.Plan) -> Earlier | None:
    """What stood before the questions were answered, where that is kept."""
    if not plan.answers or plan.painted is not None:
        return None
    from pipeline.engine.guarding import Guarding
    from pipeline.engine.pipeline import Earlier

    before = plan.unanswered.finished()
    mask, filled = (
        before.get(str(kind)) for kind in (render_plan.Kind.MASK, render_plan.Kind.INPAINTED)
    )
    if mask is None or filled is None or mask.asked is None:
        return None
    asked = scans.read_working(mask.asked).astype(np.uint8)
    kept = scans.read_working(mask.foreseen).astype(np.uint8) if mask.foreseen else None
    levels = None if kept is None else kept[..., 0]
    return Earlier(
        lambda: Guarding(_pixels(mask), asked, mask.report, levels), partial(_pixels, filled)
    )


def _working(photo: Photo) -> Any:
    return scans.read_working(_file(photo.working))


def _pixels(rendition: Rendition) -> Any:
    pixels = scans.read_working(_file(rendition.image))
    is_mask = rendition.kind == Rendition.Kind.MASK
    return encode.mask_bits(pixels.astype(np.uint8)) if is_mask else pixels


def _file(blob: Blob | None) -> Blob:
    if blob is None:
        raise Refused("A file of this photograph is missing; upload it again.")
    return blob
