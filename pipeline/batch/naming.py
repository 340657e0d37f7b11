"""Where the results of each photograph go: a name of its own for every one, before any starts.

The folders below the common parent are kept. `x.jpg` gives `x.inpainted.png`; beside `x.png` both
keep their endings; what still clashes (capitals, another disk's composed letters, what an earlier
call made of another photograph) gets a digest of its place. A name once given stays.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from photos.decoding.tiff.photographs import count_photographs
from photos.file_names import LONGEST, assigned, digest_of, fitted
from photos.file_search import Search
from photos.files import sha256
from pipeline.batch.items import ENDINGS, LONGEST_ENDING, TABLE, BatchItem

ROOM = LONGEST - LONGEST_ENDING - 1
Page = tuple[Path, int]


def batch_items(photos: Sequence[Path], root: Path, out: Path) -> list[BatchItem]:
    """One item for each photograph, several for a file of several, in the order of the photos.

    No two items share a name, nor names that some disk takes for one.
    """
    pages = [page for photo in photos for page in _pages(photo)]
    candidates = {page: _candidates(page, root) for page in pages}
    sources = frozenset(source_of(page) for page in pages)
    names = assigned(candidates, lambda page, name: _whose(out / f"{name}.json", page, sources))
    return [
        BatchItem(photo, (out / name).parent, (out / name).name, number)
        for (photo, number), name in names.items()
    ]


def _pages(photo: Path) -> list[Page]:
    """Every photograph of a file by its number; 1 for the only one."""
    return [(photo, number) for number in range(1, count_photographs(photo) + 1)]


def _candidates(page: Page, root: Path) -> list[str]:
    """Names below the results' folder, the plainest first; the last is nobody else's."""
    photo, number = page
    folder = PurePosixPath(*map(fitted, photo.parent.relative_to(root).parts))
    more = f".p{number}" if number > 1 else ""
    place = digest_of(f"{photo}{more}", 32)
    room = ROOM - len(more)
    return [
        str(folder / (fitted(photo.stem, room) + more)),
        str(folder / (fitted(photo.name, room) + more)),
        str(folder / (fitted(photo.name, room - len(place) - 1) + f"~{place}" + more)),
    ]


def source_of(page: Page) -> str:
    """What the JSON keeps of a photo's place: a digest, so that no folder's name is told."""
    return hashlib.sha256(os.fsencode(page[0]) + b"\0%d" % page[1]).hexdigest()[:32]


def _whose(path: Path, page: Page, sources: Collection[str]) -> bool | None:
    """True where this page's own results are, False where another photograph's are."""
    facts = read_facts(path)
    if facts is None:
        return None
    source = facts.get("source", "")
    if source == source_of(page):
        return True
    if source in sources or facts.get("page", 1) != page[1]:
        return False
    if not source and facts.get("photo") == page[0].name:  # of a release that kept no place
        return True
    try:
        return sha256(page[0]) == facts.get("sha256")  # the same photograph, moved?
    except OSError:
        return False


def read_facts(path: Path) -> Mapping[str, Any] | None:
    """What a result's JSON says; None where there is none to read."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def set_aside_results(found: Search, out: Path) -> None:
    """What an earlier call wrote beside the photographs themselves, and a shell's pattern now
    names with them, is no photograph: it is passed over and told.
    """
    named = [*found.photos, *(path for path, _ in found.refused)]
    ours = {path for path in named if out in path.parents and _is_result(path)}
    found.photos = [path for path in found.photos if path not in ours]
    found.refused = [told for told in found.refused if told[0] not in ours]
    found.passed += [(path, "This is a result of an earlier call.") for path in sorted(ours)]


def _is_result(path: Path) -> bool:
    ending = next((each for each in ENDINGS if path.name.endswith(f".{each}")), None)
    if ending is None:
        return path.name == TABLE
    facts = read_facts(path.with_name(f"{path.name.removesuffix(ending)}json"))
    return facts is not None and {"weights", "settings", "sha256"} <= facts.keys()
