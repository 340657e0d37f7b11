"""What an owner lets the lab learn: leave given and taken back, feedback, masks to begin with."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from annotate import services as annotate
from config.errors import Refused
from jobs.models import Queue
from photos.models import Origin, Photo
from pipeline import services
from pipeline.models import Feedback, Restoration

MAX_MARKS = 50


@transaction.atomic
def say_what_went_wrong(
    restoration: Restoration,
    *,
    reasons: Sequence[str] = (),
    text: str = "",
    marks: Sequence[dict[str, Any]] = (),
    training_allowed: bool = False,
) -> Feedback:
    """Keeps an owner's feedback. With leave the photo joins the labelling queue, the owner's
    words, marks and mask with it; without leave the staff read the words alone."""
    if not (reasons or text or marks):
        raise Refused("Choose what went wrong, or say it in a few words.")
    said = Feedback.objects.create(
        restoration=restoration, reasons=list(reasons), text=text, marks=list(marks)[:MAX_MARKS]
    )
    if training_allowed:
        allow(restoration.photo)
        send_to_labelling(restoration)
    return said


def lately(most: int = 30) -> list[Feedback]:
    """The latest words for the lab; whether the picture goes with them is the owner's leave."""
    return list(Feedback.objects.select_related("restoration__photo")[:most])


def allow(photo: Photo) -> None:
    """Its owner lets the lab learn from it."""
    Photo.objects.filter(pk=photo.pk).update(training_allowed=True)
    photo.training_allowed = True


def withdraw(photo: Photo) -> None:
    annotate.withdraw_leave(photo=photo)


def may_be_labelled(photo: Photo) -> bool:
    return photo.origin != Origin.VISITOR or photo.training_allowed


@transaction.atomic
def send_to_labelling(restoration: Restoration) -> None:
    """An assessor will mark the photo, beginning with what its owner marked and said."""
    photo = restoration.photo
    if not may_be_labelled(photo):
        raise Refused("The owner of this photograph did not allow the lab to learn from it.")
    said = restoration.feedback.first()
    annotate.hear_owner(
        photo=photo,
        note=said.note if said else photo.note,
        marks=said.marks if said else photo.marks,
        tiles=restoration.corrected,
        digest=restoration.corrected_digest,
    )
    photo.refresh_from_db()
    services.suggest_later(photo, queue=services.quick_or(Queue.MAINTENANCE, photo))
