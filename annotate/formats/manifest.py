"""Our own form: a list of masks with their story, beside an index PNG of each.

A mask is known by the SHA-256 of its raw bytes, so a damaged file is noticed.
"""

import json
from collections.abc import Sequence
from typing import Any

from config.words.said import said
from photos.masks.arrays import Mask, digest

from . import png
from .content import check_size, field, listed, parse_json

NAME = "manifest.json"
FORMAT = "heirloom masks 1"


def write(entries: Sequence[dict[str, Any]]) -> bytes:
    """Entries hold photo, file, width, height, sha256 and the mask's story."""
    document = {"format": FORMAT, "masks": list(entries)}
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def parse(data: bytes) -> list[dict[str, Any]]:
    """The entries of a manifest."""
    document = parse_json(data, "manifest")
    if field(document, "format") != FORMAT:
        raise ValueError(said("file.other-manifest", form=repr(FORMAT)))
    entries = listed(document, "masks")
    for entry in entries:
        for key in ("photo", "file", "sha256"):
            if not isinstance(field(entry, key), str):
                raise ValueError(said("file.manifest-lacks", key=repr(key)))
    return entries


def read(entry: dict[str, Any], picture: bytes, width: int, height: int) -> Mask:
    """The mask of one entry from its picture's bytes, which must be the ones it names."""
    check_size((field(entry, "width"), field(entry, "height")), width, height)
    mask = png.read_index(picture, width, height)
    if digest(mask) != entry["sha256"]:
        raise ValueError(said("file.other-mask", file=entry["file"]))
    return mask


def story(entry: dict[str, Any]) -> tuple[str, float, dict[str, Any]]:
    """(assessor, active seconds, tools) of an entry; nothing where it says nothing usable."""
    seconds, tools = entry.get("active_seconds"), entry.get("tools")
    usable = isinstance(seconds, int | float) and 0 <= seconds < 1e9
    return (
        str(entry.get("assessor") or ""),
        float(seconds) if usable and seconds is not None else 0.0,
        tools if isinstance(tools, dict) else {},
    )
