"""Masks as arrays, from their rows.

A save writes only what it changed; every now and then, and whenever a mask leaves its
painter, the deltas are folded into one file of all tiles.
"""

import numpy as np

from annotate.models import DefectMask
from photos import storage
from photos.masks.arrays import Mask, Plane
from photos.masks.classes import CLASSES
from photos.masks.tiles import PackedTiles, assemble, encode_packed, read_packed
from photos.models import Blob, Photo

MEDIA_TYPE = "application/vnd.heirloom.mask"


def empty_mask(photo: Photo) -> Mask:
    return np.zeros((photo.height, photo.width), np.uint8)


def read_tiles(mask: DefectMask) -> PackedTiles:
    """Every tile of the mask as it stands: the folded ones, then the deltas since.

    The last version of a tile wins, so none is unpacked here.
    """
    tiles = _read(mask.tiles, mask.photo)
    later = mask.deltas.filter(
        revision__gt=mask.tiles_revision, revision__lte=mask.revision
    ).order_by("revision")
    for delta in later.select_related("tiles"):
        tiles |= _read(delta.tiles, mask.photo)
    return tiles


def _read(blob: Blob | None, photo: Photo) -> PackedTiles:
    if blob is None:
        return {}
    return read_packed(storage.read(blob), width=photo.width, height=photo.height)


def fold(mask: DefectMask) -> Blob:
    """The file of all tiles of the mask's revision, written when it is not there yet."""
    if mask.tiles is not None and mask.tiles_revision == mask.revision:
        return mask.tiles
    return keep_folded(mask, read_tiles(mask))


def keep_folded(mask: DefectMask, tiles: PackedTiles) -> Blob:
    """Writes all tiles of the mask's revision into one file."""
    body = encode_packed({at: tiles[at] for at in sorted(tiles) if any(tiles[at].planes)})
    blob = storage.put(body, MEDIA_TYPE)
    mask.keep_tiles(blob)
    return blob


def read_mask(mask: DefectMask) -> Mask:
    """H x W class bits of a mask as it stands."""
    return assemble(read_tiles(mask), width=mask.photo.width, height=mask.photo.height)


def read_class(mask: DefectMask, name: str) -> Plane:
    """H x W, True where the mask has the class of this name (KeyError for others)."""
    plane: Plane = (read_mask(mask) & CLASSES[name]) != 0
    return plane
