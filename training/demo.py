"""What this room puts on an empty demo site: photographs whose damage is known, the weights
that ship, and a frozen snapshot. The pictures come with scikit-image; none is in this package."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.models import User
from numpy.typing import NDArray
from PIL import Image
from skimage import data

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
ACCEPTED, IN_REVIEW, WAITING = "accepted", "in review", "waiting"
SEED = 1912
SPLIT_SEED = 0  # holds the cat out, damaged and undamaged: every stage has a validation photo


@dataclass(frozen=True)
class Sample:
    """A picture of scikit-image's sample data and what becomes of it here."""

    title: str
    name: str
    licence: str
    source: str
    fate: str
    toned: bool = False
    cut: Callable[[Bytes], Bytes] = lambda picture: picture

    def clean(self) -> Bytes:
        """H x W x 3, as it is packaged."""
        picture = np.asarray(getattr(data, self.name)(), np.uint8)
        rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        return np.ascontiguousarray(self.cut(rgb))


def close_up(picture: Bytes) -> Bytes:
    """The head and shoulders of the astronaut, enlarged twice."""
    face = Image.fromarray(np.ascontiguousarray(picture[0:270, 105:335]))
    return np.asarray(face.resize((460, 540), Image.Resampling.LANCZOS), np.uint8)


NASA = "NASA Great Images, through scikit-image"
STEFAN = "Stefan van der Walt, through scikit-image"
SAMPLES = [
    # First, while it alone waits: the assessor claims what comes next.
    Sample("Wall clock", "clock", "public domain", STEFAN, IN_REVIEW),
    Sample("Coffee cup", "coffee", "CC0", "Rachel Michetti, through scikit-image", ACCEPTED, True),
    Sample("Cat", "chelsea", "CC0", STEFAN, ACCEPTED),
    Sample("Rocket launch", "rocket", "public domain", "SpaceX, through scikit-image", ACCEPTED),
    Sample("Man with a camera", "camera", "CC0", "Lav Varshney, through scikit-image", ACCEPTED),
    Sample(
        "Greek coins",
        "coins",
        "no known copyright restrictions",
        "Brooklyn Museum, through scikit-image",
        ACCEPTED,
        True,
    ),
    Sample("Astronaut", "astronaut", "public domain", NASA, WAITING),
    Sample("Astronaut, close up", "astronaut", "public domain", NASA, WAITING, True, close_up),
    Sample("Deep sky", "hubble_deep_field", "public domain", "NASA, through scikit-image", WAITING),
]
CLEAN = ("coffee", "chelsea", "rocket")  # colour originals: grounds for all three stages


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
        photo = add(sample, picture, title=sample.title, true_mask=classes)
        if sample.fate == ACCEPTED:
            origin = DefectMask.Origin.SYNTHETIC
            annotate.import_mask(photo=photo, pixels=classes, origin=origin, accepted=True)
        elif sample.fate == IN_REVIEW:
            paint(photo, classes)
        if sample.name in CLEAN:
            add(sample, sample.clean(), title=f"{sample.title}, undamaged", true_mask=None)


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
        album=sample.title.partition(",")[0],
        source=sample.source,
        licence=sample.licence,
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
