"""Names of the files that we write, whatever the names that we read: the one rule for all of them.

A name is bytes: cp1251, half a letter, a newline. What we write is UTF-8 of at most `LONGEST`
bytes with its ending; a name that had to be changed carries a digest of what it was, so two
names never become one. Pure.
"""

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from os import PathLike
from typing import TypeVar

LONGEST = 200
DIGEST = 8  # hex digits of a short digest
Key = TypeVar("Key", bound=Hashable)
ENDING = re.compile(r"\.(jpe?g|jpe|jfif|png|tiff?|webp|hei[cf]|avif|jp2|bmp|p[pg]m|gif)$", re.I)
NUMBERED = re.compile(
    r"(?:img|dscn?|dscf|pxl|p|image|scan|scanned image|photo|picture|bild)[ -]?(?P<number>[\d -]*)",
    re.I,
)
# Separators, controls, what is no character (half an UTF-8 sequence is a lone surrogate).
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u2028\u2029\ud800-\udfff]")


def digest_of(name: str, digits: int = DIGEST) -> str:
    """Hex digits of the SHA-256 of the name's own bytes."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:digits]


def fitted(name: str, room: int = LONGEST) -> str:
    """The name itself if it is harmless and at most `room` bytes of UTF-8; else as much of it as
    fits, with `~` and a short digest of what it was. Raises ValueError where `room` is under 20.
    """
    if room < 20:
        raise ValueError("there is no room for a name and its digest")
    safe = UNSAFE.sub("_", name)
    safe = re.sub(r"^[-.]", "_", safe) or "_"  # neither an option nor hidden
    if safe == name and len(name.encode()) <= room:
        return name
    return f"{_cut(safe, room - DIGEST - 1)}~{digest_of(name)}"


def _cut(text: str, room: int) -> str:
    """At most `room` bytes of UTF-8, whole characters with what is combined with them."""
    kept = text.encode()[:room].decode("utf-8", "ignore")
    if len(kept) < len(text) and unicodedata.combining(text[len(kept)]):
        while kept and unicodedata.combining(kept[-1]):
            kept = kept[:-1]
        kept = kept[:-1]
    return kept


def folded(name: str) -> str:
    """Names with one answer are one file somewhere: composed or not, in capitals or not."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def assigned(
    candidates: Mapping[Key, Sequence[str]], taken: Callable[[Key, str], bool | None] | None = None
) -> dict[Key, str]:
    """A name of its own for each key, from its candidates; no two are one under `folded`.

    All that share a name move on to their next candidates, so neither the order nor the number
    of the others matters. The last candidates must all differ. `taken(key, name)` knows what
    earlier calls left: True if the name is this key's own (it is kept), False if it is somebody
    else's (it is passed), None if it is free.
    """
    ask = taken or (lambda key, name: None)
    kept = _kept(candidates, ask)
    place = {
        key: kept[key] if key in kept else _next(names, 0, partial(ask, key))
        for key, names in candidates.items()
    }
    while moving := _crowded(candidates, place, kept):
        for key in moving:
            kept.pop(key, None)
            names = candidates[key]
            place[key] = _next(names, place[key] + 1, partial(ask, key))
    return {key: candidates[key][at] for key, at in place.items()}


def _kept(
    candidates: Mapping[Key, Sequence[str]], ask: Callable[[Key, str], bool | None]
) -> dict[Key, int]:
    """The candidates that are somebody's own already."""
    found = {}
    for key, names in candidates.items():
        own = next((at for at, name in enumerate(names) if ask(key, name)), None)
        if own is not None:
            found[key] = own
    return found


def _next(names: Sequence[str], at: int, ask: Callable[[str], bool | None]) -> int:
    last = len(names) - 1
    while at < last and ask(names[at]) is False:
        at += 1
    return min(at, last)


def _crowded(
    candidates: Mapping[Key, Sequence[str]], place: Mapping[Key, int], kept: Mapping[Key, int]
) -> list[Key]:
    """Who has to move on: all of a shared name who can but the one whose own it is, and that
    one too where another cannot.
    """
    groups: dict[str, list[Key]] = defaultdict(list)
    for key, at in place.items():
        groups[folded(candidates[key][at])].append(key)
    moving: list[Key] = []
    for group in (group for group in groups.values() if len(group) > 1):
        able = [key for key in group if place[key] < len(candidates[key]) - 1]
        own = [key for key in group if key in kept]
        stays = own[:1] if len(own) == 1 and {*able, *own} == {*group} else []
        moving += [key for key in able if key not in stays]
    return moving


def title_of(name: str) -> str:
    """What a person calls a photograph whose file has this name: no folder, ending or underscore.

    Numbers that cameras and scanners give say nothing: such a file is "Photograph" and its digits.
    """
    stem = ENDING.sub("", name.replace("\\", "/").rpartition("/")[2])
    words = " ".join(stem.replace("_", " ").split())
    if numbered := NUMBERED.fullmatch(words):
        words = f"Photograph {numbered['number']}".strip()
    return words or "Photograph"


def shown(path: str | PathLike[str]) -> str:
    """A name as text that any terminal, table or JSON takes, in one line."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
