"""Several people's masks of one photo become one new revision; none of them is changed."""

from django.db import transaction

from annotate.models import DefectMask
from annotate.quality.staple import Rater, majority, staple
from annotate.services.annotator_agreement import COMPARED
from annotate.services.availability import NOBODYS
from annotate.services.import_export.imports import import_mask
from annotate.services.mask_storage import read_mask
from config.errors import Refused
from photos.models import Photo

METHODS = ("staple", "majority")
MAX_MASKS_PER_CONSENSUS = 8


def masks_to_join(photo: Photo) -> list[DefectMask]:
    """The newest finished mask of each person; what was joined or drawn by us is none."""
    rows = photo.masks.filter(state__in=COMPARED, author__isnull=False).wanted()
    rows = rows.exclude(origin__in=NOBODYS)
    newest: dict[int | None, DefectMask] = {}
    for mask in rows.select_related("author").order_by("-submitted_at", "pk"):
        newest.setdefault(mask.author_id, mask)
    return list(newest.values())[:MAX_MASKS_PER_CONSENSUS]


def join_masks(*, photo: Photo, method: str) -> tuple[DefectMask, dict[str, Rater]]:
    """A new mask that waits for review, with all its sources; STAPLE tells what each is worth."""
    if method not in METHODS:
        raise Refused("Masks are joined by STAPLE or by majority.")
    sources = masks_to_join(photo)
    if len(sources) < 2:
        raise Refused("Joining needs finished masks of at least two people.")
    pixels = [read_mask(mask) for mask in sources]
    joined, raters = (majority(pixels), []) if method == "majority" else staple(pixels)
    with transaction.atomic():
        mask = import_mask(photo=photo, pixels=joined, origin=DefectMask.Origin.CONSENSUS)
        mask.sources.set(sources)
    authors = [str(source.author) for source in sources]
    return mask, dict(zip(authors, raters, strict=False))  # a majority has no raters
