"""The same file cut to another frame: a photograph of its own, as if sent apart.

Frames are parts of the whole scan, so each framing hangs on the photograph that shows it whole;
masks live in the pixels of one reading, and a frame changes those.
"""

from typing import Any

from config.errors import Refused
from photos.decoding.scanner.frames import WHOLE, Frame
from photos.models import Origin, Photo
from photos.services import add_photo

LAB = "This photograph belongs to the lab, which keeps it as it was scanned."
NOT_READ = "This photograph is not read yet; wait until it is, then frame it."
NOT_WHOLE = "This photograph was cropped when it was read; ask for the whole scan first."
SAME = "This frame is the whole scan already."


def scan_of(photo: Photo) -> Photo:
    """What was sent: the photograph that this one is cut from, or itself."""
    while photo.framed_of is not None:
        photo = photo.framed_of
    return photo


def whole_of(photo: Photo) -> Photo | None:
    """The photograph that shows the whole scan; None where nothing does yet."""
    if _is_whole(photo):
        return photo
    if photo.framed_of is not None:
        return whole_of(photo.framed_of)
    others = photo.framings.exclude(state=Photo.State.ERASED).order_by("created_at")
    return next((other for other in others if _is_whole(other)), None)


def framed(photo: Photo, frame: Frame) -> Photo:
    """The photograph that shows this frame; asked twice, made once. Never read here.

    Raises Refused for the lab's photographs, and before the scan was read.
    """
    if photo.origin != Origin.VISITOR:
        raise Refused(LAB)
    if photo.state != Photo.State.READY or photo.original is None:
        raise Refused(NOT_READ)
    whole = whole_of(photo)
    if frame == WHOLE:
        return whole or _made(scan_of(photo), None)
    if whole is None:
        raise Refused(NOT_WHOLE)
    return _made(whole, frame)


def _made(of: Photo, frame: Frame | None) -> Photo:
    """Without its leave: nobody should learn from one picture twice."""
    asked = {n: each for n, each in (of.reading or {}).items() if n not in ("crop", "frame")}
    reading: dict[str, Any] = asked | ({"frame": frame.said()} if frame else {})
    here = of.framings.exclude(state__in=[Photo.State.ERASED, Photo.State.REFUSED])
    found = next((each for each in here if (each.reading or {}) == reading), None)
    return found or add_photo(
        file=_original(of),
        title=of.title,
        origin=of.origin,
        created_by=of.created_by,
        salvage=of.salvage,
        page=of.page,
        framed_of=of,
        reading=reading,
        read_later=False,
    )


def _original(photo: Photo) -> Any:
    if photo.original is None:
        raise Refused("This photograph was erased.")
    return photo.original


def _is_whole(photo: Photo) -> bool:
    return not {"crop", "frame"} & set(photo.reading or {})
