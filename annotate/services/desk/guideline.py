"""Pictures for the guideline: pieces of photos with the lab's own accepted masks beside them."""

import io

import numpy as np
from django.contrib.auth.models import User
from PIL import Image

from annotate.models import DefectMask, Purpose
from annotate.models.masks import DefectMaskQuerySet
from annotate.services.desk.mark_answers import CROP_SIDE_PX, piece_of
from annotate.services.mask_storage import read_class
from photos.masks.arrays import Plane
from photos.masks.classes import CLASSES
from photos.masks.overlays import COLOURS
from photos.models import Origin, Photo

EACH, LOOKED_AT = 3, 60
TINT = 0.55


def shown_masks() -> DefectMaskQuerySet:
    """Accepted masks that give nothing away: no test, and nobody paints their photo any more."""
    rows = DefectMask.objects.accepted().wanted().filter(is_honeypot=False)
    rows = rows.filter(photo__state=Photo.State.READY, photo__masks_wanted=1)
    lab = rows.filter(photo__origin__in=[Origin.IMPORT, Origin.DEMO])
    return lab.exclude(photo__assignments__state="open").exclude(
        photo__assignments__purpose=Purpose.HONEYPOT
    )


def examples(person: User) -> dict[str, list[DefectMask]]:
    """By class, the latest masks that have it."""
    latest = shown_masks().visible_to(person).order_by("-created_at", "pk")[:LOOKED_AT]
    found: dict[str, list[DefectMask]] = {name: [] for name in CLASSES}
    for mask in latest:
        for name, rows in found.items():
            if mask.areas.get(name) and len(rows) < EACH:
                rows.append(mask)
    return found


def example_jpeg(mask: DefectMask, defect: str) -> bytes | None:
    """The photo, and beside it the same piece with the class painted; None where there is none."""
    plane = read_class(mask, defect)
    middle = _middle(plane)
    if middle is None:
        return None
    piece, (left, top, right, bottom) = piece_of(mask.photo, *middle)
    seen = Image.fromarray(plane[top:bottom, left:right]).resize(piece.size)
    pixels = np.asarray(piece, np.float32)
    colour = np.array(COLOURS[CLASSES[defect]], np.float32)
    tinted = np.where(np.asarray(seen)[..., None], (1 - TINT) * pixels + TINT * colour, pixels)
    both = np.hstack([pixels, tinted]).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(both).save(out, "JPEG", quality=88)
    return out.getvalue()


def _middle(plane: Plane) -> tuple[int, int] | None:
    """The x, y of the class that has most of it around: by the count in blocks of a piece."""
    ys, xs = np.nonzero(plane)
    if not len(xs):
        return None
    side = CROP_SIDE_PX
    blocks = (ys // side) * (plane.shape[1] // side + 1) + xs // side
    fullest = blocks == np.bincount(blocks).argmax()
    return round(float(xs[fullest].mean())), round(float(ys[fullest].mean()))
