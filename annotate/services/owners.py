"""What the owner of a photo says went wrong, kept for whoever paints it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from annotate.models import DefectMask
from config.errors import Refused
from photos.models import Blob, Photo


@transaction.atomic
def hear_owner(
    *,
    photo: Photo,
    note: str = "",
    marks: Sequence[dict[str, Any]] = (),
    tiles: Blob | None = None,
    digest: str = "",
) -> None:
    """Asks for a mask of the photo; its owner's own mask is the draft that a painter begins with.

    ``tiles`` are the owner's marks in the painter's format, ``digest`` their fingerprint. Said
    again, the later words and mask stand. Only with the owner's leave.
    """
    if photo.origin == "visitor" and not photo.training_allowed:
        raise Refused("The owner of this photograph did not allow the lab to learn from it.")
    ready = Photo.objects.filter(pk=photo.pk, state=Photo.State.READY)
    if not ready.update(wants_mask=True, note=note, marks=list(marks)):
        raise Refused("This photograph is no longer here.")
    if tiles is None:
        return
    photo.masks.filter(origin=DefectMask.Origin.VISITOR, children=None).delete()
    DefectMask.objects.create(
        photo=photo,
        origin=DefectMask.Origin.VISITOR,
        digest=digest,
        tiles=tiles,
        revision=1,
        tiles_revision=1,
    )


@transaction.atomic
def withdraw_leave(*, photo: Photo) -> None:
    """The lab may no longer learn from the photo: it leaves the queue, its owner's words too."""
    Photo.objects.filter(pk=photo.pk).update(
        training_allowed=False, wants_mask=False, note="", marks=[]
    )
    Photo.objects.filter(pk=photo.pk, origin="visitor").update(original_name="")
    photo.masks.filter(origin=DefectMask.Origin.VISITOR, children=None).delete()
    for assignment in photo.assignments.open():
        assignment.release(passes_draft_on=False)  # who paints it goes on with another
    photo.refresh_from_db(fields=["training_allowed", "wants_mask", "note", "marks"])
