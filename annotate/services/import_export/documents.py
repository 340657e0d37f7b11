"""One document of many photos, read part by part; a large one is taken apart by a child."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from annotate.formats import documents
from config.errors import Refused
from photos.decoding import scans

SECONDS = 60  # of computing, for taking one document apart
Reader = tuple[str, Callable[[], bytes]]


def parts(kind: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(photo's name, document of this photo alone). Refused, or ValueError, with a sentence."""
    with ExitStack() as until:
        for name, read in readers(kind, data, until):
            yield name, read()


def readers(kind: str, data: bytes, until: ExitStack) -> Iterator[Reader]:
    """(photo's name, what reads its document); the files of a large one live until `until`."""
    if documents.is_small(data):
        for name, part in documents.parts(kind, data):
            yield name, partial(bytes, part)
        return
    folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="masks-")))
    source = folder / "document"
    source.write_bytes(data)
    within = replace(scans.limits(), heic=False, cpu_seconds=SECONDS)
    try:
        scans.run_child(
            source, folder, within, 2 * SECONDS, "annotate.formats.document_child", [kind]
        )
    except scans.RefusedScan as reason:
        raise Refused(reason.said) from reason
    source.unlink()
    for number, photo in enumerate(json.loads((folder / "names.json").read_text())):
        yield photo, partial(_part, folder / str(number), photo)


def _part(path: Path, photo: str) -> bytes:
    data = path.read_bytes()
    if not documents.is_small(data):
        raise Refused(f"The mask of {photo[:100]} alone is too large to be read here.")
    return data
