"""The picture that goes out with a mask: of exactly the mask's size, its ending a true one."""

from dataclasses import dataclass

from annotate.formats.content import PICTURE_ENDINGS
from photos import storage
from photos.models import Blob, Photo

BEGINNINGS = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG", "png"), (b"II*\x00", "tif"), (b"MM\x00*", "tif"),
    (b"BM", "bmp"), (b"GIF8", "gif"), (b"RIFF", "webp"), (b"P5", "pgm"), (b"P6", "ppm"),
)  # fmt: skip
ANYWHERE = ("jpg", "jpeg", "png")  # what each of these tools opens


@dataclass(frozen=True)
class Picture:
    """`blob` is the file that goes along, if any."""

    ending: str
    blob: Blob | None = None


def picture_of(photo: Photo, *, taken_along: bool) -> Picture:
    """The original where it lies as the mask does and any tool opens it; else its 8-bit JPEG.

    Without the file itself the ending is the one that it came with.
    """
    if not taken_along:
        return Picture(_ending_of(photo))
    if photo.original is not None and _lies_as_stored(photo):
        ending = _ending_of(photo)
        if ending.lower() in ANYWHERE and _is_truly(photo.original, ending):
            return Picture(ending, photo.original)
    return Picture("jpg", photo.display)


def _ending_of(photo: Photo) -> str:
    for name in (photo.original_name, photo.title):
        _, point, ending = name.rpartition(".")
        if point and ending.lower() in PICTURE_ENDINGS:
            return ending
    return _by_content(photo.original) if photo.original else "jpg"


def _by_content(blob: Blob) -> str:
    try:
        with storage.open_blob(blob) as file:
            first = file.read(12)
    except OSError:
        return "jpg"
    return next((ending for begins, ending in BEGINNINGS if first.startswith(begins)), "jpg")


def _is_truly(blob: Blob, ending: str) -> bool:
    return _by_content(blob)[:1] == ending.lower()[:1]


def _lies_as_stored(photo: Photo) -> bool:
    """Not turned, cut or one of several pages on its way in."""
    sides = (photo.transform.get("source_width"), photo.transform.get("source_height"))
    same = sides == (photo.width, photo.height) and photo.page == 1
    changed = {"rotated", "cropped", "negative"} & {*photo.transform}
    return same and not changed and photo.transform.get("orientation", 1) == 1
