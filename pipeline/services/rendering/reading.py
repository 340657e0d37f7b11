"""What a job reads before it makes pictures: of a photo, of its plan, and what was made before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from annotate import services as annotate
from config.errors import Refused
from config.words.said import said
from photos.decoding import scans
from photos.masks.classes import DEFECTS
from photos.models import Blob, Photo
from pipeline.imageio import encode
from pipeline.models import Rendition
from pipeline.services import corrections, render_plan

if TYPE_CHECKING:
    from pipeline.engine.pipeline import Earlier


def painted(plan: render_plan.Plan) -> NDArray[np.uint8] | None:
    """The bits of a person's mask; what was left undecided (`ignore`) is not touched."""
    if plan.painted is None:
        return None
    if isinstance(plan.painted, render_plan.Correction):
        return corrections.read(plan.photo, plan.painted)
    return annotate.read_mask(plan.painted) & np.uint8(DEFECTS)


def infrared(plan: render_plan.Plan) -> NDArray[Any] | None:
    """What the scanner saw of dust alone; a person's mask says enough."""
    if plan.photo.infrared is None or plan.painted is not None:
        return None
    return scans.read_working(plan.photo.infrared)


def earlier(plan: render_plan.Plan) -> Earlier | None:
    """What stood before the questions were answered, where that is kept."""
    if not plan.answers or plan.painted is not None:
        return None
    from pipeline.engine.guarding import Guarding
    from pipeline.engine.pipeline import Earlier

    before = plan.unanswered.finished()
    mask, filled = (
        before.get(str(kind)) for kind in (render_plan.Kind.MASK, render_plan.Kind.INPAINTED)
    )
    if mask is None or filled is None or mask.asked is None:
        return None
    asked = scans.read_working(mask.asked).astype(np.uint8)
    kept = scans.read_working(mask.foreseen).astype(np.uint8) if mask.foreseen else None
    levels = None if kept is None else kept[..., 0]
    return Earlier(
        lambda: Guarding(pixels_of(mask), asked, mask.report, levels),
        partial(pixels_of, filled),
        filled.report,
    )


def working(photo: Photo) -> NDArray[Any]:
    """The working image. Raises Refused where its file is missing, as `pixels_of` does."""
    return scans.read_working(_file(photo.working))


def pixels_of(rendition: Rendition) -> NDArray[Any]:
    """A kept picture; of a mask its class bits."""
    pixels = scans.read_working(_file(rendition.image))
    is_mask = rendition.kind == Rendition.Kind.MASK
    return encode.mask_bits(pixels.astype(np.uint8)) if is_mask else pixels


def _file(blob: Blob | None) -> Blob:
    if blob is None:
        raise Refused(said("restore.no-file"))
    return blob
