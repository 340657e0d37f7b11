"""What this room puts on an empty demo site: photographs whose damage is known, the weights
that ship, and a frozen snapshot. The pictures are old photographs, `photographs/CREDITS.tsv` says
whose; the damage is drawn, so that it is known, and the titles say so."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.contrib.auth.models import User
from numpy.typing import NDArray
from PIL import Image

from annotate import services as annotate
from annotate.models import DefectMask
from config.registry import demo_content
from photos import services as photos
from photos import storage
from photos.decoding import scans
from photos.masks import arrays
from photos.masks.classes import FRACTURE, HOLE
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Origin, Photo
from training import services
from training.augmentation.ageing import sepia
from training.augmentation.samples import damage_photo
from training.services import shipped_weights

Bytes = NDArray[np.uint8]
FOLDER = Path(__file__).with_name("photographs")
ACCEPTED, IN_REVIEW, WAITING, SOUND = "accepted", "in review", "waiting", "sound"
SEED = 1912
SPLIT_SEED = 0  # holds a sound print and a marked one out


@dataclass(frozen=True)
class Sample:
    """An old photograph of this package, by its file, and what becomes of it here."""

    name: str
    fate: str
    toned: bool = False

    @property
    def told(self) -> dict[str, str]:
        return credits_by_file()[f"{self.name}.jpg"]

    def clean(self) -> Bytes:
        """H x W x 3, as it is packaged."""
        with Image.open(FOLDER / f"{self.name}.jpg") as picture:
            return np.asarray(picture.convert("RGB"), np.uint8)


def credits_by_file() -> dict[str, dict[str, str]]:
    """Title, licence and source of each file."""
    with (FOLDER / "CREDITS.tsv").open(encoding="utf-8", newline="") as table:
        return {row["file"]: row for row in csv.DictReader(table, delimiter="\t")}


SAMPLES = [
    # First, while it alone waits: the assessor claims what comes next.
    Sample("street", IN_REVIEW),
    Sample("friends", ACCEPTED, True),
    Sample("camels", ACCEPTED),
    Sample("sledge", ACCEPTED),
    Sample("shawl", ACCEPTED),
    Sample("tea-table", ACCEPTED, True),
    Sample("armchair", WAITING),
    Sample("ribbon", WAITING, True),
    Sample("family", WAITING, True),
]
CLEAN = ("camels", "sledge", "school")  # sound prints: grounds for filling; colour has none


@demo_content
def install() -> None:
    """Photographs, snapshot and weights; does nothing where a demo photograph is already there."""
    if not Photo.objects.filter(origin=Origin.DEMO).exists():
        add_photographs()
        services.freeze_snapshot(name="First masks", seed=SPLIT_SEED, created_by=_somebody("admin"))
    shipped_weights.register()


def add_photographs() -> None:
    for number, sample in enumerate(SAMPLES):
        rng = np.random.default_rng([SEED, number])
        grey, classes = damage_photo(sample.clean(), rng=rng)
        picture = sepia(grey, rng) if sample.toned else grey
        title = f"{sample.told['title']}, damage drawn"
        photo = add(sample, picture, title=title, true_mask=classes)
        if sample.fate == ACCEPTED:
            origin = DefectMask.Origin.SYNTHETIC
            annotate.import_mask(photo=photo, pixels=classes, origin=origin, accepted=True)
        elif sample.fate == IN_REVIEW:
            paint(photo, classes)
    for name in CLEAN:
        sound = Sample(name, SOUND)
        add(sound, sound.clean(), title=sound.told["title"], true_mask=None)


def add(sample: Sample, picture: Bytes, *, title: str, true_mask: Bytes | None) -> Photo:
    """The same way in as any upload, and read at once instead of by a worker."""
    known = None
    if true_mask is not None:
        tiles = encode_tiles(split_tiles(true_mask))
        known = storage.put(tiles, "application/octet-stream")
    photo = photos.add_photo(
        file=scans.write_png(picture),
        title=title,
        origin=Origin.DEMO,
        wants_mask=true_mask is not None,
        training_allowed=True,
        album=sample.told["title"],
        source=sample.told["source"],
        licence=sample.told["licence"],
        true_mask=known,
    )
    return photos.read_photo(photo)


def paint(photo: Photo, classes: Bytes) -> None:
    """An assessor claimed the photo, painted most of it and submitted: something to review."""
    assessor = _somebody("assessor")
    assignment = annotate.claim_assignment(assessor=assessor) if assessor else None
    if assignment is None or assignment.photo_id != photo.pk:
        annotate.import_mask(photo=photo, pixels=classes, author=assessor)
        return
    seen = classes & np.uint8(FRACTURE | HOLE)  # the scuffs were overlooked
    saved = annotate.save_strokes(
        assignment=assignment,
        body=encode_tiles(split_tiles(seen)),
        base_revision=0,
        client="demo",
        first_seq=1,
        last_seq=1,
        active_seconds=95.0,
    )
    assignment.mask.refresh_from_db()
    annotate.submit_mask(
        assignment=assignment,
        revision=saved.revision,
        digest=arrays.digest(seen),
        active_seconds=95.0,
    )


def _somebody(role: str) -> User | None:
    return User.objects.filter(groups__name=role).order_by("pk").first()
