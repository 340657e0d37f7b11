"""The frame of a result: proposed from the print's edges, never put on unasked."""

from typing import TypedDict

from django.db import transaction

from photos import framing
from photos.decoding.scanner.frames import Frame
from photos.models import Photo
from pipeline.models import Restoration
from pipeline.services.rendering.jobs import queued


class Shown(TypedDict):
    """What the page and the API say about frames."""

    frame: dict[str, float] | None
    """What this result was cut to; None for the scan as it is."""
    proposed: dict[str, float] | None
    """Where the print lies on the scan; None where none stands out from the bed."""
    whole: Restoration | None
    """A restoration that shows the scan uncut."""


def shown(row: Restoration) -> Shown:
    whole = framing.whole_of(row.photo)
    return {
        "frame": row.photo.transform.get("cropped"),
        "proposed": whole.transform.get("print") if whole else None,
        "whole": _first(whole) if whole else None,
    }


def is_offered(row: Restoration) -> bool:
    """A visitor's own, once it is read."""
    return row.photo.origin == "visitor" and row.photo.state == Photo.State.READY


@transaction.atomic
def frame_later(row: Restoration, frame: Frame) -> Restoration:
    """The scan cut to a frame (or whole) and restored with this version's choices; what is there
    already is found again. The marks and answers of a version stay with its pixels."""
    Photo.objects.select_for_update().get(pk=framing.scan_of(row.photo).pk)  # twins wait here
    photo = framing.framed(row.photo, frame)
    plain = photo.restorations.filter(corrected=None, colours__isnull=True).select_related("job")
    alike = [each for each in plain.order_by("created_at") if each.settings == row.settings]
    found = next((each for each in alike if _is_alive(each)), None)
    if found is not None:
        return found
    made = Restoration(
        photo=photo, owner=row.owner, settings=row.settings, expires_at=row.expires_at
    )
    return queued(made)


def framings(row: Restoration) -> list[tuple[Restoration, str]]:
    """Its other frames, each with a name."""
    scan = framing.scan_of(row.photo)
    photos: list[Photo] = []
    ahead = [scan]
    while ahead:
        photo = ahead.pop(0)
        photos.append(photo)
        ahead += photo.framings.exclude(state=Photo.State.ERASED).order_by("created_at")
    named = [(_first(photo), _name(photo)) for photo in photos if photo != row.photo]
    return [(each, name) for each, name in named if each is not None]


def _name(photo: Photo) -> str:
    return "cropped" if set(photo.reading or {}) & {"crop", "frame"} else "the whole scan"


def _first(photo: Photo) -> Restoration | None:
    return photo.restorations.order_by("created_at").first()


def _is_alive(row: Restoration) -> bool:
    return row.is_done or (row.job is not None and not row.job.is_final)
