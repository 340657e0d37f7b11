"""What a network suggests is kept beside its photo."""

from django.db import transaction

from annotate.models import Suggestion
from annotate.services import active_learning
from config.errors import Refused
from config.words.said import said
from photos import storage
from photos.models import Photo


def save_suggestion(
    *, photo: Photo, weights: str, probability_png: bytes, threshold: float
) -> Suggestion:
    """A network's probability map (8-bit PNG of p x 255); called again it replaces itself."""
    size = png_size(probability_png)
    if size != (photo.width, photo.height):
        raise Refused(
            said(
                "suggestion.size",
                size=f"{size[0]} x {size[1]}",
                photo=f"{photo.width} x {photo.height}",
            )
        )
    with transaction.atomic():
        photo.hold_unerased()
        row, _ = Suggestion.objects.update_or_create(
            photo=photo,
            weights=weights,
            defaults={
                "probability": storage.put(probability_png, "image/png"),
                "threshold": threshold,
                "uncertainty": active_learning.uncertainty_of(probability_png),
                "disagreement": _disagreement(photo, weights, probability_png),
            },
        )
    active_learning.refresh(Photo.objects.filter(pk=photo.pk))
    return row


def _disagreement(photo: Photo, weights: str, probability_png: bytes) -> float | None:
    """With the newest map that other weights drew of the photo; None where none did."""
    before = photo.suggestions.exclude(weights=weights).first()
    if before is None or not before.probability:
        return None
    return active_learning.disagreement_of(probability_png, storage.read(before.probability))


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG from its header."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise Refused(said("suggestion.no-png"))
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
