"""Writes a run's folder out of its snapshot: items, specification, and pictures while it works."""

import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings

from annotate.services import read_mask
from config.errors import Refused
from config.words.said import Said, said
from jobs.job_context import LeaseLost
from jobs.models import State
from photos import storage
from photos.decoding import scans
from photos.files import write_whole
from photos.masks import arrays
from photos.models import Photo
from training.models import ModelVersion, SnapshotItem, TrainingRun
from training.recipes import from_json
from training.run_folder import UNPACKED, Item, RunError, RunFolder, Spec
from training.services import colour_hints
from training.services.training_process import threads

log = logging.getLogger(__name__)
IMAGES, MASKS = "images", "masks"


def write(run: TrainingRun) -> Said:
    """What a run is, written once; the specification last, so that its presence says complete.

    Answers what was written. Refused when too little is left of the snapshot.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    items = [_item(row) for row in run.snapshot.items.usable_for(run.stage)]
    training = sum(item.split == "train" for item in items)
    if not training:
        raise Refused(said("run.all-gone"))
    spec = Spec(
        recipe=from_json(run.recipe),
        seed=run.seed,
        snapshot=run.snapshot.digest,
        parent=_write_parent(run.folder, run.parent) if run.parent else None,
        device=settings.TRAIN_DEVICE,
        threads=threads(),
        workers=settings.TRAIN_WORKERS,
        unpack=settings.TRAIN_UNPACK,
        reserve=settings.DISK_RESERVE_BYTES,
        tuned=settings.TRAIN_TUNED,
    )
    RunFolder(run.folder).write(spec, items)
    gone = run.snapshot.items.gone().count()
    held_out = len(items) - training
    if gone:
        return said("run.wrote-without", training=training, held_out=held_out, count=gone)
    return said("run.wrote", training=training, held_out=held_out)


def _item(row: SnapshotItem) -> Item:
    return Item(
        image=f"{IMAGES}/{row.image_digest}.png",
        image_sha256=row.image_digest,
        mask=f"{MASKS}/{row.mask_digest}.png" if row.mask_digest else None,
        mask_sha256=row.mask_digest,
        split="validation" if row.split == SnapshotItem.Split.VALIDATION else "train",
        group=row.group,
        licence=row.licence,
        source=row.source,
        colour_hints=colour_hints.of(row),
        mask_origin=row.mask_origin,
    )


@contextmanager
def pictures(run: TrainingRun) -> Iterator[None]:
    """Photos and masks lie in the folder only while the loop works: an erased photo is gone."""
    bring_pictures(run)
    try:
        yield
    except LeaseLost:
        raise  # the folder is another worker's now
    except BaseException:
        take_pictures_away(run)
        raise
    take_pictures_away(run)


def bring_pictures(run: TrainingRun) -> None:
    rows = run.snapshot.items.remaining()
    kept = {
        row.image_digest: row
        for row in rows.select_related("photo__working", "mask__tiles", "mask__photo")
    }
    for name in (IMAGES, MASKS):
        (run.folder / name).mkdir(exist_ok=True)
    try:
        items = RunFolder(run.folder).items()
    except RunError as error:
        raise Refused(str(error)) from error
    for item in items:
        row = kept.get(item.image_sha256)
        if row is None:
            raise Refused(
                "A photo of this run was erased or withdrawn since it began: start a new run."
            )
        _write_pictures(run.folder, row, item)


def take_pictures_away(run: TrainingRun) -> None:
    for name in (IMAGES, MASKS, UNPACKED):
        shutil.rmtree(run.folder / name, ignore_errors=True)


def forget_erased(photo: Photo | None = None) -> None:
    """Takes the samples of runs that saw a photo which is erased or withdrawn now, and what their
    folders say of an erased one; running ones come later. Of one `photo`, or of all.

    Rows that never had a photo are of runs that were taken in: nothing of theirs was erased here.
    """
    gone = SnapshotItem.objects.gone().filter(photo__isnull=False)
    gone = gone.filter(photo=photo) if photo else gone
    seen = TrainingRun.objects.filter(snapshot__items__in=gone)
    for run in seen.exclude(job__state=State.RUNNING).distinct():
        take_pictures_away(run)
        shutil.rmtree(run.folder / "samples", ignore_errors=True)
        _forget(run, gone.filter(snapshot=run.snapshot, photo__state=Photo.State.ERASED))


def _forget(run: TrainingRun, erased: Iterable[SnapshotItem]) -> None:
    """A folder that cannot be read stops no erasure; the proof of it names the folder."""
    try:
        RunFolder(run.folder).forget({item.image_digest for item in erased})
    except (RunError, OSError) as error:
        log.warning("%s: %s", run.folder.name, error)


def _write_pictures(folder: Path, row: SnapshotItem, item: Item) -> None:
    write_frozen(row, folder / item.image, folder / item.mask if item.mask else None)


def write_frozen(row: SnapshotItem, image: Path, mask: Path | None) -> None:
    """The photo, and its mask where one is wanted, as they were frozen. Refused if they changed."""
    photo = row.photo
    if photo is None or photo.working is None or photo.working_id != row.image_digest:
        raise Refused(f"The picture of {row} is no longer the one that was frozen.")
    write_whole(image, _eight_bits(photo))
    if mask is not None:
        write_whole(mask, _mask_png(row, photo))


def _eight_bits(photo: Photo) -> bytes:
    """The working image as loops read it: they would clip 16-bit grey to white."""
    assert photo.working is not None  # noqa: S101 - narrows the type
    if photo.bits <= 8:
        return storage.read(photo.working)
    pixels = scans.read_working(photo.working)
    return scans.write_png((pixels >> (photo.bits - 8)).astype(np.uint8))


def _mask_png(row: SnapshotItem, photo: Photo) -> bytes:
    if row.mask is None:
        raise Refused(f"The mask of {photo} is gone.")
    mask = read_mask(row.mask)
    if arrays.digest(mask) != row.mask_digest:
        raise Refused(f"The mask of {photo} is no longer the one that was frozen.")
    return scans.write_png(mask)


def _write_parent(folder: Path, parent: ModelVersion) -> dict[str, str]:
    if parent.weights is None:
        raise Refused(f"{parent.name} has no weights to start from.")
    (folder / "parent.safetensors").write_bytes(storage.read(parent.weights))
    return {"path": "parent.safetensors", "sha256": parent.weights_sha256}
