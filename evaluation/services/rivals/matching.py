"""Which file is of which photo: by its original name, with its ending or without."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TypeVar

from config.words.said import Words, said
from photos.file_names import folded
from photos.models import Photo

File = TypeVar("File")


def names_of(photo: Photo) -> list[str]:
    """What a photo may be called by: the one place that says so."""
    given = PurePath(photo.original_name or photo.title)
    return [given.name, given.stem]


def matched(
    files: Mapping[str, File], photos: Iterable[Photo]
) -> tuple[dict[Photo, str], dict[str, Words]]:
    """The file's name by photo, and for each other file why it was passed over."""
    by_name: dict[str, set[Photo]] = defaultdict(set)
    for photo in photos:
        for name in names_of(photo):
            by_name[folded(name)].add(photo)
    found: dict[Photo, str] = {}
    refused: dict[str, Words] = {}
    for name in sorted(files):
        fitting = _called(name, by_name)
        if not fitting:
            refused[name] = said("rival.no-photo")
        elif len(fitting) > 1:
            refused[name] = said("rival.several-photos")
        elif fitting[0] in found:
            refused[name] = said("rival.same-photo", file=found[fitting[0]])
        else:
            found[fitting[0]] = name
    return found, refused


def _called(name: str, by_name: Mapping[str, set[Photo]]) -> Sequence[Photo]:
    path = PurePath(name.replace("\\", "/"))
    whole = by_name.get(folded(path.name), set())
    return sorted(whole or by_name.get(folded(path.stem), set()), key=lambda photo: str(photo.pk))
