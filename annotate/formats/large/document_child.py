"""Takes apart one large untrusted document in a process of its own.

`python -m annotate.formats.large.document_child IN OUTDIR KIND` writes `0`, `1`, … and
`names.json`, as `photos.decoding.confined` has it. No Django here.
"""

import sys
from pathlib import Path

from annotate.formats import documents
from config.words.pairs import said
from photos.decoding.confined import answer
from photos.decoding.opening import Limits

TOO_LARGE = said("file.entry-too-large")


def read(source: Path, folder: Path, limits: Limits, kind: str) -> None:
    documents.spread(kind, source, folder)


if __name__ == "__main__":
    sys.exit(answer(read, ValueError, TOO_LARGE))
