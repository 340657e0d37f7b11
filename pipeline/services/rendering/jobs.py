"""The jobs that make pictures; they import the engine, and only while they run."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction

from annotate import services as annotate
from config.errors import Refused
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue, State
from photos import services as photos
from photos.decoding import scans
from photos.models import Origin, Photo
from pipeline.models import Rendition, Restoration, RestorationSettings, expiry
from pipeline.services import corrections, render_plan, webhooks
from pipeline.services.progress.steps import DONE, READ, of_engine
from pipeline.services.rendering import faces, keeping, reading
from pipeline.services.rendering.model_loading import open_version
from pipeline.services.rendering.recolouring import recolour
from pipeline.services.rendering.toning import tone
from training.models import ModelVersion

if TYPE_CHECKING:
    from pipeline.engine.pipeline import Options


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
    made |= recolour(work, plan, made)
    tone(work, row, made)
    work.progress(DONE, said("restore.keeping"))
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
    restoring = restore.using(queue=queue, title=said("job.restore"), created_by=restoration.owner)
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
        raise Refused(said("restore.no-finder"))
    network = open_version(version)
    image = reading.working(row)
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
        work.progress(0.0, said("restore.reading"))
        photos.read_photo(photo)
        photo.refresh_from_db()
    if photo.state != Photo.State.READY:
        raise Refused(photo.reason or said("restore.gone"))
    return photo


def _render(work: Work, plan: render_plan.Plan, kinds: Collection[str]) -> dict[str, Rendition]:
    """Renditions by kind: those that exist are kept, each other one is saved when it is ready.

    A worker that is killed leaves what it finished; the next attempt goes on from there.
    """
    from pipeline.engine.colourful import why_skipped
    from pipeline.engine.pipeline import restore as run

    work.progress(READ, said("restore.opening"))
    made = {kind: row for kind, row in plan.finished().items() if kind in kinds}
    if set(made) == set(kinds):
        return made
    networks = {stage: open_version(version) for stage, version in plan.versions.items()}
    image = reading.working(plan.photo)
    shown = faces.found_in(image) | {"in_colour": why_skipped(image)}
    results = run(
        image,
        networks,
        _options(plan),
        painted=reading.painted(plan),
        earlier=reading.earlier(plan),
        done={kind: partial(reading.pixels_of, row) for kind, row in made.items()},
        infrared=reading.infrared(plan),
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


def _options(plan: render_plan.Plan) -> Options:
    from pipeline.engine.pipeline import Options

    chosen = plan.settings
    return Options(
        careful=chosen.careful,
        strength=chosen.strength,
        colour=chosen.colourise,
        answers=plan.answers,
        grain=chosen.grain,
        seed=plan.seed,
    )
