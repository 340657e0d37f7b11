"""The jobs of this room: the only module that imports the engine, and only while a job runs."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from annotate import services as annotate
from config.errors import Refused
from jobs.job_context import Precedence, Work
from jobs.job_functions import job, routine
from jobs.models import Queue, State
from photos import services as photos
from photos import storage
from photos.decoding import scans
from photos.masks.classes import DEFECTS
from photos.models import Blob, Photo
from pipeline import runtime_selection, services
from pipeline.imageio import encode
from pipeline.imageio.marks import of_transform
from pipeline.imageio.xmp import provenance
from pipeline.model_loading import open_version
from pipeline.models import Delivery, Rendition, Restoration, SentKey, Stroke
from pipeline.services import corrections, faces, render_plan, strokes, tus_uploads, webhooks
from pipeline.services.progress.steps import DONE, READ
from training.models import ModelVersion

if TYPE_CHECKING:
    from pipeline.engine.pipeline import Earlier, Result
    from pipeline.engine.progress import Progress


@job(Precedence.VISITOR)
def restore(work: Work, restoration: str) -> None:
    """The three results of a restoration; an erased one has nothing to do."""
    row = Restoration.objects.with_all().filter(pk=restoration).first()
    if row is None:
        return
    photo = _ready(work, row.photo)
    with work.fenced():
        services.restore_other_pages_later(row)
    plan = render_plan.plan_for(photo, row.chosen, correction=corrections.of(row))
    render_plan.check_complete(plan)
    made = _render(work, plan, plan.kinds)
    work.progress(DONE, "Keeping the results")
    with work.finished():
        row.renditions.set(made.values())
        webhooks.tell_later(row, State.SUCCEEDED)


@job(Precedence.STUDY, queue=Queue.MAINTENANCE)
def render(work: Work, photo: str, version: str) -> None:
    """One rendition by named weights, for a study."""
    weights = ModelVersion.objects.get(pk=version)
    plan = render_plan.plan_for(_ready(work, Photo.objects.get(pk=photo))).standing_in(weights)
    wanted = render_plan.KIND_OF[weights.stage]
    _render(work, plan, render_plan.needed(wanted))
    with work.finished():
        pass


@job(Precedence.VISITOR, queue=Queue.QUICK, max_attempts=1)
def stroke(work: Work, stroke: str) -> None:
    """A look at what a stroke on a mask under correction would fill; an erased one has none."""
    from pipeline.engine.inpainting import fill_marks

    row = Stroke.objects.select_related("restoration__photo", "marks").filter(pk=stroke).first()
    if row is None:
        return
    plan = render_plan.plan_for(row.restoration.photo, row.restoration.chosen)
    render_plan.check_complete(plan)
    network = open_version(plan.versions["inpainting"])

    def fill(image: NDArray[Any], bits: NDArray[np.uint8]) -> NDArray[Any]:
        grain = np.random.default_rng(plan.seed) if plan.settings.grain else None
        return fill_marks(image, bits, network, grain=grain, progress=_progress(work)).image

    box, pixels, reduced = strokes.fill_around(row.restoration, row, fill)
    picture = strokes.written(pixels)
    with work.finished():
        strokes.keep(row, box, picture, reduced)


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
    bands = find_defects(image, network, looks=True, progress=_progress(work))
    picture = scans.write_png(np.concatenate([suggestion(found, cuts) for found in bands]))
    with work.finished():
        annotate.save_suggestion(
            photo=row, weights=version.weights_sha256, probability_png=picture, threshold=NEUTRAL
        )


@routine
def expire_restorations() -> None:
    services.expire()


@routine
def sweep_uploads() -> None:
    tus_uploads.sweep()
    strokes.sweep()
    SentKey.objects.old().delete()
    Delivery.objects.old().delete()


@job(Precedence.PREVIEW, queue=Queue.MAINTENANCE, max_attempts=webhooks.MAX_ATTEMPTS)
def deliver(work: Work, delivery: str) -> None:
    """A message to a webhook."""
    row = Delivery.objects.pending().filter(pk=delivery).first()
    if row is not None:
        webhooks.deliver(row, work.job)


@routine
def tell_missing() -> None:
    webhooks.tell_missing_later()


@routine
def suggest_missing() -> None:
    services.suggest_missing_later()


@routine
def measure_engines() -> None:
    runtime_selection.begin_measuring()


def _ready(work: Work, photo: Photo) -> Photo:
    """The photo once it is decoded (in annotate's own process); refused with its reason."""
    if photo.state == Photo.State.RECEIVED:
        work.progress(0.0, "Reading the photograph")
        photos.prepare_photo(photo)
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
        progress=_progress(work),
    )
    del image  # the engine lets go of it when it can
    for result in results:
        files = _files(result, plan)
        report = result.report | shown
        report |= {
            "weights": {name: networks[name].described() for name in plan.parts(result.kind)}
        }
        with work.fenced():
            made[result.kind] = services.keep_rendition(plan, result.kind, files, report)
        del result, files  # the next one is as large
    return made


def _painted(plan: render_plan.Plan) -> NDArray[np.uint8] | None:
    """The bits of a person's mask; what was left undecided (`ignore`) is not touched."""
    if plan.painted is None:
        return None
    if isinstance(plan.painted, render_plan.Correction):
        return corrections.read(plan.photo, plan.painted)
    return annotate.read_mask(plan.painted) & np.uint8(DEFECTS)


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


def _progress(work: Work) -> Progress:
    return lambda share, sentence: work.progress(READ + (DONE - READ) * share, sentence)


def _pixels(rendition: Rendition) -> Any:
    pixels = scans.read_working(_file(rendition.image))
    is_mask = rendition.kind == Rendition.Kind.MASK
    return encode.mask_bits(pixels.astype(np.uint8)) if is_mask else pixels


def _infrared(plan: render_plan.Plan) -> NDArray[Any] | None:
    """What the scanner saw of dust alone; a person's mask says enough."""
    if plan.photo.infrared is None or plan.painted is not None:
        return None
    return scans.read_working(plan.photo.infrared)


def _files(result: Result, plan: render_plan.Plan) -> dict[str, Blob]:
    """What is kept of a result; written before any row refers to it."""
    pixels = result.pixels
    weights = [(name, each.weights_sha256) for name, each in plan.parts(result.kind).items()]
    marks = of_transform(plan.photo.transform, provenance(result.kind, weights))
    if result.kind == Rendition.Kind.MASK:
        return {
            **_of_guards(result),
            "image": storage.put(encode.png(encode.mask_plane(pixels), marks), "image/png"),
            "jpeg": storage.put(encode.jpeg(encode.mask_plane(pixels), marks=marks), "image/jpeg"),
            "preview": storage.put(encode.mask_overlay(pixels), "image/png"),
        }
    return {
        "image": storage.put(encode.png(pixels, marks), "image/png"),
        "jpeg": storage.put(encode.jpeg(pixels, marks=marks), "image/jpeg"),
        "preview": storage.put(encode.preview(pixels), "image/jpeg"),
    }


def _of_guards(result: Result) -> dict[str, Blob]:
    """What a mask's questions stand in, and what other strengths would fill."""
    from pipeline.engine.guards.foreseen import for_the_page

    found = result.guarding
    if found is None:
        return {}
    files = {"asked": storage.put(encode.png(found.asked), "image/png")}
    if found.levels is not None:
        page = for_the_page(found.levels, found.asked, result.pixels)
        files["foreseen"] = storage.put(scans.write_png(page), "image/png")
    return files


def _file(blob: Blob | None) -> Blob:
    if blob is None:
        raise Refused("A file of this photograph is missing; upload it again.")
    return blob
