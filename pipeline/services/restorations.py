"""Ask for restorations and renditions, erase what was made. Never imports the engine."""

import logging
from dataclasses import replace
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from config.errors import Refused
from config.words.said import said
from jobs import services as jobs
from jobs.models import Job, Queue
from photos import erasure, file_names, framing, storage
from photos import services as photos
from photos.models import Blob, Origin, Photo
from pipeline.models import Restoration, RestorationSettings
from pipeline.models.tone_choice import ToneChoice
from pipeline.services import render_plan
from pipeline.services.rendering.jobs import queued, render, restoration_later, suggest
from training.models import ModelVersion, Stage

log = logging.getLogger(__name__)
QUICK_MEGAPIXELS = 8.0  # up to here an answer is small: repairing some tiles takes seconds


def restore_later(
    *,
    photo: Photo | None = None,
    file: storage.Readable | Blob | None = None,
    name: str = "",
    owner: User | None = None,
    careful: bool = False,
    strength: float = 0.5,
    colourise: bool = False,
    grain: bool = True,
    tones: ToneChoice = None,
    keep_sepia: bool = False,
    training_allowed: bool = False,
    salvage: bool = False,
    rotate: int = 0,
    negative: str = "",
    crop: bool = False,
    frame: dict[str, float] | None = None,
) -> Restoration:
    """A photo (or a file that becomes one), its restoration and its job, in one transaction.

    The file is copied and hashed before it: no transaction waits for a disk.
    """
    if photo is None and owner is None:
        check_licences()
    original = photos.keep_original(file) if file is not None else None
    with transaction.atomic():
        if photo is None:
            if original is None:
                raise ValueError("either a photo or a file")
            photo = photos.add_photo(
                file=original,
                title=file_names.title_of(name),
                original_name=name,
                origin=Origin.VISITOR,
                training_allowed=training_allowed,
                created_by=owner,
                salvage=salvage,
                reading=_asked(rotate=rotate, negative=negative, crop=crop, frame=frame),
                read_later=False,
            )
        settings = RestorationSettings(careful, strength, colourise, grain, tones, keep_sepia)
        return restoration_later(photo, owner, settings)


def check_licences() -> None:
    """Refuses what a visitor sends while production holds weights that forbid commerce."""
    held = [v for v in render_plan.production().values() if v.is_noncommercial]
    if held and not settings.NONCOMMERCIAL_PUBLIC:
        raise Refused(
            "This site restores no photographs of visitors at the moment: the licence of a network"
            " in production forbids commercial use."
        )


def _asked(**reading: Any) -> dict[str, Any] | None:
    """What differs from a scan as it is."""
    return {name: each for name, each in reading.items() if each} or None


@transaction.atomic
def restore_differently_later(
    earlier: Restoration,
    *,
    correction: render_plan.Correction | None = None,
    colours: list[dict[str, Any]] | None = None,
    queue: str = Queue.INTERACTIVE,
    **choices: Any,
) -> Restoration:
    """The same photo with other choices (fields of its settings) or its owner's mask; the earlier
    result stays, and with it the last day and, unless others are given, all its choices and the
    strokes of colour."""
    settings = replace(earlier.chosen, **choices)
    restoration = Restoration(
        photo=earlier.photo,
        owner=earlier.owner,
        earlier=earlier,
        settings=settings.as_json(),
        expires_at=earlier.expires_at,
        corrected=correction.tiles if correction else None,
        corrected_digest=correction.digest if correction else "",
        colours=earlier.colours if colours is None else colours or None,
    )
    return queued(restoration, queue)


def quick_or(queue: str, photo: Photo) -> str:
    """The quick worker's queue for a photo that is read and not large, else the given one."""
    size = (photo.width or 0) * (photo.height or 0)
    return Queue.QUICK if 0 < size <= QUICK_MEGAPIXELS * 1e6 else queue


@transaction.atomic
def render_later(
    *, photo: Photo, stage: str, version: ModelVersion, created_by: User | None = None
) -> Job:
    """One rendition of a photo by named weights, the other stages as in production.

    Asking again while the first job waits or runs gives that job; a finished rendition is
    found and not made again.
    """
    if version.stage != stage:
        raise Refused(f"{version} is no {stage} network.")
    if not version.is_usable:
        raise Refused(f"{version} has not passed the gate: its export is unchecked.")
    if stage == Stage.INPAINTING and not rendering_mask_known(photo):
        raise Refused("Nothing is in production yet for segmentation: the mask would be missing.")
    named = {"photo": str(photo.pk), "version": str(version.pk)}
    rendering = render.using(
        title=said("job.render", version=str(version), photo=photo.name_in_logs),
        created_by=created_by,
    )
    return render.jobs_for(**named).active().first() or rendering.later(**named)


def rendering_mask_known(photo: Photo) -> bool:
    plan = render_plan.plan_for(photo)
    return plan.painted is not None or Stage.SEGMENTATION in plan.versions


def suggest_later(photo: Photo, *, queue: str = Queue.MAINTENANCE) -> Job | None:
    """A probability map for whoever paints; None where production has none or has made it.

    Those of a whole library wait with the upkeep: beside a restoration they would slow it.
    """
    network = render_plan.production().get(Stage.SEGMENTATION)
    if network is None or photo.suggestions.filter(weights=network.weights_sha256).exists():
        return None
    suggesting = suggest.using(
        queue=queue,
        title=said("job.suggest", photo=photo.name_in_logs),
        key=f"suggest:{photo.pk}:{network.weights_sha256[:32]}",
    )
    return suggesting.later(photo=str(photo.pk))


def suggest_missing_later(limit: int = 20) -> int:
    """Queues suggestions for photos that wait for a mask and lack one by today's network."""
    network = render_plan.production().get(Stage.SEGMENTATION)
    if network is None:
        return 0
    waiting = Photo.objects.for_labelling().exclude(suggestions__weights=network.weights_sha256)
    keys = suggest.jobs.filter(key__endswith=network.weights_sha256[:32])
    asked = {key.split(":")[1] for key in keys.values_list("key", flat=True) if key}
    rows = waiting.order_by("-priority").iterator()
    photos = list(islice((photo for photo in rows if str(photo.pk) not in asked), limit))
    for photo in photos:
        suggest_later(photo)
    return len(photos)


@transaction.atomic
def restore_again(restoration: Restoration, *, salvage: bool = False) -> None:
    """Another attempt after a failure; ``salvage`` reads what is there of a truncated file."""
    photo, job = restoration.photo, restoration.job
    if job is None:
        raise Refused("Upload this photograph again, please.")
    if photo.state == Photo.State.REFUSED:
        if not salvage:
            raise Refused(photo.reason)
        photos.read_photo_again(photo=photo, salvage=True, read_later=False)
    jobs.retry(job)


def rename(restoration: Restoration, title: str) -> None:
    """Of a visitor's photograph; what the lab calls its own is changed where it is kept."""
    photo = restoration.photo
    if photo.origin != Origin.VISITOR:
        raise Refused("The lab names its own photographs.")
    photo.title = title
    photo.save(update_fields=["title"])


def erase_all(restoration: Restoration) -> None:
    """Deletes a visitor's photo with every version made of it; of a lab photo this version."""
    for version in _of_the_scan(restoration).select_related("photo"):
        erase(version)


def _of_the_scan(restoration: Restoration) -> QuerySet[Restoration]:
    """The versions of the scan that a visitor sent: with their last one its framings go."""
    scan = framing.scan_of(restoration.photo)
    if scan == restoration.photo:
        return restoration.versions
    return Restoration.objects.filter(photo=scan)


def erase(restoration: Restoration) -> None:
    """Deletes a restoration; with its last one a visitor's photo and every picture made of it."""
    photo = restoration.photo
    others = photo.restorations.exclude(pk=restoration.pk)
    if photo.origin == Origin.VISITOR and not others.exists():
        erasure.erase_photo(photo=photo)
        return
    if restoration.job is not None:
        restoration.job.request_cancel()
    files = restoration.strokes.all().files() | {restoration.corrected_id}
    restoration.strokes.all().stop()
    restoration.delete()
    for blob in Blob.objects.filter(pk__in=files):
        storage.erase(blob)


def expire() -> int:
    """Erases what has reached its last day; one that cannot go yet does not stop the others."""
    gone = 0
    for restoration in Restoration.objects.expired().select_related("photo", "job"):
        if not Restoration.objects.filter(pk=restoration.pk).exists():
            continue  # it went with its scan
        try:
            erase(restoration)
            gone += 1
        except Refused as reason:
            log.warning("restoration %s stays: %s", restoration.pk, reason)
    return gone
