"""Writes a run's folder out of its snapshot: pictures, masks, items and specification."""

from pathlib import Path

import numpy as np
from django.conf import settings

from annotate import blobs, masks, scans
from annotate.models import Photo
from annotate.services import read_mask
from jobs.errors import Refused
from training.loop_process import threads
from training.loops.run_folder import Item, RunFolder, Spec
from training.models import ModelVersion, SnapshotItem, TrainingRun
from training.recipes import from_json


def write(run: TrainingRun) -> str:
    """Everything the loop needs; specification last, so that its presence says complete.

    Answers in a sentence what was written. Refused when too little is left of the snapshot.
    """
    folder = run.folder
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "masks").mkdir(exist_ok=True)
    rows = run.snapshot.items.select_related("photo__working", "mask__tiles", "mask__photo")
    items = [_write_item(folder, row) for row in rows.usable_for(run.stage)]
    training = sum(item.split == "train" for item in items)
    if not training:
        raise Refused("Every photo this run could learn from was erased since the snapshot.")
    spec = Spec(
        recipe=from_json(run.recipe),
        seed=run.seed,
        snapshot=run.snapshot.digest,
        parent=_write_parent(folder, run.parent) if run.parent else None,
        device=settings.TRAIN_DEVICE,
        threads=threads(),
    )
    RunFolder(folder).write(spec, items)
    gone = run.snapshot.items.count() - run.snapshot.items.remaining().count()
    erased = f"; {gone} erased since the snapshot are left out" if gone else ""
    return f"wrote {training} training and {len(items) - training} validation photos{erased}"


def _write_item(folder: Path, row: SnapshotItem) -> Item:
    photo = row.photo
    if photo is None or photo.working is None or photo.working_id != row.image_digest:
        raise Refused(f"The picture of {row} is no longer the one that was frozen.")
    image = f"images/{row.image_digest}.png"
    (folder / image).write_bytes(_eight_bits(photo))
    has_mask = bool(row.mask_digest)
    mask = f"masks/{row.mask_digest}.png" if has_mask else None
    if mask:
        (folder / mask).write_bytes(_mask_png(row, photo))
    return Item(
        image=image,
        image_sha256=row.image_digest,
        mask=mask,
        mask_sha256=row.mask_digest,
        split="validation" if row.split == SnapshotItem.Split.VALIDATION else "train",
        group=row.group,
        licence=row.licence,
        source=row.source,
    )


def _eight_bits(photo: Photo) -> bytes:
    """The working image as loops read it: they would clip 16-bit grey to white."""
    assert photo.working is not None  # noqa: S101 - narrows the type
    if photo.bits <= 8:
        return blobs.read(photo.working)
    pixels = scans.read_working(photo.working)
    return scans.write_png((pixels >> (photo.bits - 8)).astype(np.uint8))


def _mask_png(row: SnapshotItem, photo: Photo) -> bytes:
    if row.mask is None:
        raise Refused(f"The mask of {photo} is gone.")
    mask = read_mask(row.mask)
    if masks.digest(mask) != row.mask_digest:
        raise Refused(f"The mask of {photo} is no longer the one that was frozen.")
    return scans.write_png(mask)


def _write_parent(folder: Path, parent: ModelVersion) -> dict[str, str]:
    if parent.weights is None:
        raise Refused(f"{parent.name} has no weights to start from.")
    (folder / "parent.safetensors").write_bytes(blobs.read(parent.weights))
    return {"path": "parent.safetensors", "sha256": parent.weights_sha256}
