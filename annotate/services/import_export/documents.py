"""One document of many photos, read part by part; a large one is taken apart by a child."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from annotate.formats import documents
from config.errors import Refused
from photos.decoding import scans

SECONDS = 60  # of computing, for taking one document apart


def parts(kind: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(photo's name, document of this photo alone). Refused, or ValueError, with a sentence."""
    if documents.is_small(data):
        yield from documents.parts(kind, data)
        return
    with tempfile.TemporaryDirectory(prefix="masks-") as name:
        folder = Path(name)
        source = folder / "document"
        source.write_bytes(data)
        within = replace(scans.limits(), heic=False, cpu_seconds=SECONDS)
        try:
            scans.run_child(
                source, folder, within, 2 * SECONDS, "annotate.formats.document_child", [kind]
            )
        except scans.RefusedScan as reason:
            raise Refused(str(reason)) from reason
        for number, photo in enumerate(json.loads((folder / "names.json").read_text())):
            yield photo, _part(folder / str(number), photo)


def _part(path: Path, photo: str) -> bytes:
    data = path.read_bytes()
    if not documents.is_small(data):
        raise Refused(f"The mask of {photo[:100]} alone is too large to be read here.")
    return data
