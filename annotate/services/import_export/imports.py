"""Masks that were made elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from annotate.formats import png
from annotate.formats.content import SizeDiffers
from annotate.formats.reading import How
from annotate.formats.turning import SWAPS, upright
from annotate.models import DefectMask
from annotate.quality.quality_metrics import class_areas
from annotate.services.mask_storage import MEDIA_TYPE
from config.errors import Refused
from config.words.said import reason_of
from photos import storage
from photos.masks.arrays import Mask, digest
from photos.masks.classes import CLASSES, DAMAGE_FROM, KNOWN
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Blob, Photo

FILE_LIMIT = 50_000_000


def import_mask_file(
    *,
    photo: Photo,
    file: storage.Readable,
    defect: str,
    author: User | None,
    threshold: int = DAMAGE_FROM,
    as_stored: bool = False,
) -> DefectMask:
    """A PNG, TIFF or BMP of the photo's size, white where the damage of one class is."""
    data = file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        raise Refused(f"A mask file has at most {FILE_LIMIT // 1_000_000} MB.")
    try:
        how = How(threshold=threshold)

        def read(width: int, height: int) -> Mask:
            return png.look(data, CLASSES[defect], width, height, how).mask

        pixels = turned(photo, read, as_stored=as_stored)
    except ValueError as error:
        raise Refused(reason_of(error)) from error
    return import_mask(photo=photo, pixels=pixels, author=author)


def import_mask(
    *,
    photo: Photo,
    pixels: Mask,
    author: User | None = None,
    origin: str = DefectMask.Origin.IMPORTED,
    accepted: bool = False,
    active_seconds: float = 0.0,
    tools: Mapping[str, Any] | None = None,
) -> DefectMask:
    """A finished mask (H x W class bits) for a ready photo: to be reviewed, or accepted."""
    if photo.state != Photo.State.READY:
        raise Refused("A mask needs a photo that has been read.")
    if pixels.shape != (photo.height, photo.width):
        found = " x ".join(str(side) for side in pixels.shape[::-1])
        raise Refused(f"The mask is {found} pixels, the photo {photo.width} x {photo.height}.")
    if (pixels & (0xFF & ~KNOWN)).any():
        raise Refused("The mask uses a class that does not exist.")
    state = DefectMask.State.ACCEPTED if accepted else DefectMask.State.SUBMITTED
    finished = {"active_seconds": active_seconds, "tools": dict(tools or {})}
    with transaction.atomic():
        return add_mask(
            photo, stored(pixels), author=author, origin=origin, state=state, **finished
        )


@dataclass(frozen=True)
class Stored:
    """A mask whose tiles are kept, and of which no row knows yet."""

    tiles: Blob
    digest: str
    areas: dict[str, int]


def stored(pixels: Mask) -> Stored:
    tiles = storage.put(encode_tiles(split_tiles(pixels)), MEDIA_TYPE)
    return Stored(tiles, digest(pixels), class_areas(pixels))


def add_mask(photo: Photo, mask: Stored, **facts: Any) -> DefectMask:
    """The row of a mask that was made elsewhere; inside the caller's transaction."""
    return DefectMask.objects.create(
        photo=photo,
        tiles=mask.tiles,
        digest=mask.digest,
        areas=mask.areas,
        revision=1,
        tiles_revision=1,
        submitted_at=Now(),
        **facts,
    )


def turned(photo: Photo, read: Callable[[int, int], Mask], *, as_stored: bool) -> Mask:
    """What ``read(width, height)`` finds, upright like the photo.

    Another tool may have shown the file without turning it by its EXIF orientation; a mask
    painted there has the stored file's sides. That is never guessed, but it is recognised.
    """
    orientation = int(photo.transform.get("orientation", 1))
    sides = (photo.transform.get("source_width"), photo.transform.get("source_height"))
    if as_stored and orientation != 1:
        return upright(read(int(sides[0] or 0), int(sides[1] or 0)), orientation)
    try:
        return read(photo.width, photo.height)
    except SizeDiffers as error:
        if orientation in SWAPS and error.found == sides:
            raise ValueError(error.as_stored()) from error
        raise
