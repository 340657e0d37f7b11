"""Masks that were made elsewhere."""

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from annotate import blobs
from annotate.formats import png
from annotate.masks import CLASSES, KNOWN, Mask, digest
from annotate.models import DefectMask, Photo
from annotate.quality import class_areas
from annotate.services.reading import MEDIA_TYPE
from annotate.tiles import encode_tiles, split_tiles
from jobs.errors import Refused

FILE_LIMIT = 50_000_000


def import_mask_file(
    *, photo: Photo, file: blobs.Readable, defect: str, author: User | None
) -> DefectMask:
    """A PNG, TIFF or BMP of the photo's size, white where the damage of one class is."""
    data = file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        raise Refused(f"A mask file has at most {FILE_LIMIT // 1_000_000} MB.")
    try:
        plane = png.read(data, photo.width, photo.height)
    except ValueError as error:
        raise Refused(str(error)) from error
    pixels = plane.astype(np.uint8) * np.uint8(CLASSES[defect])
    return import_mask(photo=photo, pixels=pixels, author=author)


def import_mask(
    *,
    photo: Photo,
    pixels: Mask,
    author: User | None = None,
    origin: str = DefectMask.Origin.IMPORTED,
    accepted: bool = False,
) -> DefectMask:
    """A finished mask (H x W class bits) for a ready photo: to be reviewed, or accepted."""
    if photo.state != Photo.State.READY:
        raise Refused("A mask needs a photo that has been read.")
    if pixels.shape != (photo.height, photo.width):
        found = " x ".join(str(side) for side in pixels.shape[::-1])
        raise Refused(f"The mask is {found} pixels, the photo {photo.width} x {photo.height}.")
    if (pixels & (0xFF & ~KNOWN)).any():
        raise Refused("The mask uses a class that does not exist.")
    tiles = blobs.put(encode_tiles(split_tiles(pixels)), MEDIA_TYPE)
    state = DefectMask.State.ACCEPTED if accepted else DefectMask.State.SUBMITTED
    with transaction.atomic():
        return DefectMask.objects.create(
            photo=photo,
            author=author,
            origin=origin,
            state=state,
            revision=1,
            digest=digest(pixels),
            areas=class_areas(pixels),
            tiles=tiles,
            tiles_revision=1,
            submitted_at=Now(),
        )
