"""The mask as the photo's owner corrected it: checked, kept, read."""

import hashlib

import numpy as np

from annotate.services.mask_storage import MEDIA_TYPE
from config.errors import Refused
from photos import storage
from photos.masks.arrays import Mask
from photos.masks.classes import DEFECTS
from photos.masks.tiles import PackedTiles, assemble, encode_packed, read_packed
from photos.models import Photo
from pipeline import services
from pipeline.models import Restoration
from pipeline.services.render_plan import Correction


def restore_corrected_later(earlier: Restoration, body: bytes) -> Restoration:
    """Another version of a finished restoration, with the mask of its owner (painter's tiles)."""
    if not earlier.is_done:
        raise Refused("Wait until this restoration is done, then correct its mask.")
    correction = keep(earlier.photo, body)
    return services.restore_differently_later(earlier, correction=correction)


def keep(photo: Photo, body: bytes) -> Correction:
    """The tiles as a file. Raises ValueError with a sentence on what is no mask of the photo."""
    tiles = read_packed(body, width=photo.width, height=photo.height)
    if any(tile.bits & ~DEFECTS for tile in tiles.values()):
        raise ValueError("A correction marks fractures, scuffs and holes, nothing else.")
    kept = {at: tiles[at] for at in sorted(tiles) if any(tiles[at].planes)}
    return Correction(storage.put(encode_packed(kept), MEDIA_TYPE), _fingerprint(kept))


def _fingerprint(tiles: PackedTiles) -> str:
    """SHA-256 over places, bits and planes: it does not depend on the compression."""
    hasher = hashlib.sha256()
    for (tx, ty), tile in tiles.items():
        hasher.update(f"{tx},{ty},{tile.bits};".encode() + tile.planes)
    return hasher.hexdigest()


def of(restoration: Restoration) -> Correction | None:
    tiles = restoration.corrected
    return Correction(tiles, restoration.corrected_digest) if tiles else None


def read(photo: Photo, correction: Correction) -> Mask:
    """H x W class bits."""
    packed = read_packed(storage.read(correction.tiles), width=photo.width, height=photo.height)
    return assemble(packed, width=photo.width, height=photo.height) & np.uint8(DEFECTS)
