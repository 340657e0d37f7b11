"""Documents that hold the masks of many photos, taken apart into one document a photo.

Once over the document, whatever the number of photos: to look for each photo's part anew would take
the square of it. A large one is read item by item.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import coco, cvat, label_studio
from .content import MAX_SMALL_VALUES, values_in
from .large.spreading import Spread

MODULES: dict[str, Any] = {
    "coco": coco,
    "cvat": cvat,
    "label-studio": label_studio,
    "label-studio-bitmask": label_studio,
}
SMALL_BYTES = 8 << 20


def is_small(data: bytes) -> bool:
    """May be parsed where pages are served; anything larger is for a process of its own."""
    return values_in(data) <= MAX_SMALL_VALUES


def is_small_file(path: Path) -> bool:
    """The same of a file, and few enough bytes to be held at once."""
    return path.stat().st_size <= SMALL_BYTES and is_small(path.read_bytes())


def parts(kind: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(photo's name, document of this photo alone); ValueError with a sentence for others."""
    module = MODULES[kind]
    yield from module.split(module.parse(data))


def spread(kind: str, source: Path, folder: Path) -> None:
    """The same of a large file, into a folder: see `spreading`."""
    into = Spread(folder)
    try:
        with source.open("rb") as file:
            MODULES[kind].spread(file, into)
        into.finish()
    finally:
        into.close()
