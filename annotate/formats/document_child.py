"""Takes apart one large untrusted document in a process of its own.

`python -m annotate.formats.document_child IN OUTDIR KIND` writes `0`, `1`, … and `names.json`, as
`photos.decoding.confined` has it. No Django here.
"""

import json
import sys
from pathlib import Path

from annotate.formats import documents
from photos.decoding.confined import answer
from photos.decoding.opening import Limits

TOO_LARGE = "This file is too large to be read here: split it into files of fewer photos."


def read(source: Path, folder: Path, limits: Limits, kind: str) -> None:
    names = []
    for number, (name, part) in enumerate(documents.parts(kind, source.read_bytes())):
        (folder / str(number)).write_bytes(part)
        names.append(name)
    (folder / "names.json").write_text(json.dumps(names))


if __name__ == "__main__":
    sys.exit(answer(read, ValueError, TOO_LARGE))
