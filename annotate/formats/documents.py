"""Documents that hold the masks of many photos, taken apart into one document a photo.

Once over the document, whatever the number of photos: to look for each photo's part anew would take
the square of it.
"""

from collections.abc import Iterator
from typing import Any

from . import coco, cvat, label_studio
from .content import MAX_SMALL_VALUES, values_in

MODULES: dict[str, Any] = {
    "coco": coco,
    "cvat": cvat,
    "label-studio": label_studio,
    "label-studio-bitmask": label_studio,
}


def is_small(data: bytes) -> bool:
    """May be parsed where pages are served; anything larger is for a process of its own."""
    return values_in(data) <= MAX_SMALL_VALUES


def parts(kind: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(photo's name, document of this photo alone); ValueError with a sentence for others."""
    module = MODULES[kind]
    yield from module.split(module.parse(data))
