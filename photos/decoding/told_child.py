"""Reads what an original says of itself: `python -m photos.decoding.told_child IN OUTDIR`.

The header alone is read, and `told.json` is written, as `photos.decoding.confined` has it.
"""

import json
import sys
from pathlib import Path

from photos.decoding.child import allow_loaders
from photos.decoding.confined import answer
from photos.decoding.formats import HEAD, Refusal, kind_of
from photos.decoding.opening import Limits, open_scan
from photos.decoding.told import told


def read(source: Path, folder: Path, limits: Limits) -> None:
    allow_loaders()
    with source.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    opened = open_scan(source, kind, limits, "none")
    directory = opened.chosen.directory if opened.chosen else None
    (folder / "told.json").write_text(json.dumps(told(opened.image, directory)))


if __name__ == "__main__":
    sys.exit(answer(read, Refusal))
