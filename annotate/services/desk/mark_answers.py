"""A reviewer's marks, the painter's answer to each, the piece of the photo it is about."""

import io
from typing import Any

from django.contrib.auth.models import User
from PIL import Image

from annotate.models import DefectMask, MarkAnswer, Review
from config.errors import Refused
from photos import storage
from photos.models import Photo

CROP_SIDE_PX = 192


def latest_return(mask: DefectMask) -> Review | None:
    rows = mask.reviews.filter(verdict=Review.Verdict.RETURNED).select_related("reviewer")
    return rows.prefetch_related("answers").first()


def answered(review: Review) -> list[dict[str, Any]]:
    """Its marks, each with its ``number`` from 0 and its ``answer``, empty where there is none."""
    said = {answer.mark: answer.text for answer in review.answers.all()}
    return [
        {**mark, "number": number, "answer": said.get(number, "")}
        for number, mark in enumerate(review.marks)
    ]


def answer(*, mask: DefectMask, number: int, text: str, author: User) -> None:
    """Said again, the later words stand; none take the answer back."""
    review = latest_return(mask)
    if review is None or number >= len(review.marks):
        raise Refused("There is no such mark on this mask.")
    text = text.strip()[:1000]
    if not text:
        review.answers.filter(mark=number).delete()
        return
    MarkAnswer.objects.update_or_create(
        review=review, mark=number, defaults={"text": text, "author": author}
    )


def crop_jpeg(photo: Photo, x: int, y: int) -> bytes:
    out = io.BytesIO()
    piece_of(photo, x, y)[0].save(out, "JPEG", quality=88)
    return out.getvalue()


Corners = tuple[int, int, int, int]


def piece_of(photo: Photo, x: int, y: int) -> tuple[Image.Image, Corners]:
    """A square of the photo around a pixel, 192 px wide, and where it lies (left, top, right,
    bottom in its pixels); of a tiled photo from its preview, so of fewer pixels.
    """
    blob = photo.preview if photo.tiles_id else photo.display
    if blob is None:
        raise Refused("This photograph is no longer here.")
    left = min(max(0, x - CROP_SIDE_PX // 2), max(0, photo.width - CROP_SIDE_PX))
    top = min(max(0, y - CROP_SIDE_PX // 2), max(0, photo.height - CROP_SIDE_PX))
    right, bottom = min(left + CROP_SIDE_PX, photo.width), min(top + CROP_SIDE_PX, photo.height)
    with storage.open_blob(blob) as file, Image.open(file) as picture:
        u, v = picture.width / photo.width, picture.height / photo.height
        box = (round(left * u), round(top * v), round(right * u), round(bottom * v))
        return picture.convert("RGB").crop(box), (left, top, right, bottom)
