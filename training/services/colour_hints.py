"""Colours that owners painted on their photos, frozen with a snapshot.

Rooms further right keep them and bring them along in functions marked `@hint_source` of their
`colour_hints` modules. Only photos that a snapshot takes are asked about: those have leave.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from config.registry import Registry
from training.models import SnapshotItem

Strokes = list[dict[str, Any]]
hint_source: Registry[Callable[[list[Any]], Mapping[Any, Strokes]]] = Registry("colour_hints")


def attach(items: Iterable[SnapshotItem]) -> None:
    """Gives unsaved items the strokes of their photos: points and width in px of the photo, and
    sRGB, or null where its owner keeps what a network coloured."""
    chosen = list(items)
    photos = [item.photo_id for item in chosen]
    for source in hint_source.all():
        found = source(photos)
        for item in chosen:
            item.colour_hints = found.get(item.photo_id, item.colour_hints)


def of(row: SnapshotItem) -> Strokes | None:
    """What a new run may learn from an item: nothing once its owner took the leave back."""
    given: Strokes | None = row.colour_hints
    allowed = bool(given) and row.photo is not None and row.photo.training_allowed
    return given if allowed else None


def forget(photo: Any) -> None:
    """Of an erased photo no snapshot keeps what was painted on it; digests stay."""
    SnapshotItem.objects.filter(photo=photo).update(colour_hints=None)
