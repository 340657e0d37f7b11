"""Masks as arrays, from their rows."""

import numpy as np

from annotate import blobs
from annotate.masks import CLASSES, Mask, Plane, Tiles, apply_tiles, decode_tiles
from annotate.models import Blob, DefectMask, Photo


def empty_mask(photo: Photo) -> Mask:
    return np.zeros((photo.height, photo.width), np.uint8)


def read_tiles(blob: Blob | None, photo: Photo) -> Tiles:
    if blob is None:
        return {}
    return decode_tiles(blobs.read(blob), width=photo.width, height=photo.height)


def read_mask(mask: DefectMask) -> Mask:
    """H x W class bits of a mask as it stands."""
    return apply_tiles(empty_mask(mask.photo), read_tiles(mask.tiles, mask.photo))


def read_class(mask: DefectMask, name: str) -> Plane:
    """H x W, True where the mask has the class of this name (KeyError for others)."""
    plane: Plane = (read_mask(mask) & CLASSES[name]) != 0
    return plane
