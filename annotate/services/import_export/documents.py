"""One document of many photos, read part by part; a large one is taken apart by a child.

Its parts lie in a folder, so that an import holds one photo's and not one document's, or hundreds.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from annotate.formats import documents
from annotate.formats.large.spreading import Spread, spread_out
from config.errors import Refused
from config.words.said import said
from photos.decoding import scans

SECONDS = 120  # of computing, for taking one document apart
PART_BYTES = 64 << 20  # of one photo
Reader = tuple[str, Callable[[], bytes]]


def readers(kind: str, copy: Callable[[Path], None], until: ExitStack) -> Iterator[Reader]:
    """(photo's name, what reads its document) of the file that `copy` writes to a path; its parts
    live until `until`. Refused, or ValueError, with a sentence."""
    folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="masks-")))
    source, parts = folder / "document", folder / "parts"
    parts.mkdir()
    copy(source)
    if documents.is_small_file(source):
        _small(kind, source.read_bytes(), parts)
    else:
        _large(kind, source, parts)
    source.unlink()
    for name, path in spread_out(parts):
        yield name, partial(_part, path, name)


def _small(kind: str, data: bytes, folder: Path) -> None:
    into = Spread(folder)
    for name, part in documents.parts(kind, data):
        into.begin(name, part.decode())
    into.finish()


def _large(kind: str, source: Path, folder: Path) -> None:
    within = replace(scans.limits(), heic=False, cpu_seconds=SECONDS)
    try:
        scans.run_child(
            source, folder, within, 2 * SECONDS, "annotate.formats.large.document_child", [kind]
        )
    except scans.RefusedScan as reason:
        raise Refused(reason.said) from reason


def _part(path: Path, photo: str) -> bytes:
    data = path.read_bytes() if path.stat().st_size <= PART_BYTES else b""
    if not data or not documents.is_small(data):
        raise Refused(said("mask.alone-too-large", name=photo[:100]))
    return data
