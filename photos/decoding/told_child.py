"""Reads what an original says of itself: `python -m photos.decoding.told_child IN OUTDIR`.

Limits as for the decoder's child; the header alone is read, and told.json is written.
"""

import json
import sys
from pathlib import Path

from photos.decoding.child import REFUSED, allow_loaders, confine
from photos.decoding.formats import HEAD, Refusal, kind_of
from photos.decoding.opening import Limits, open_scan
from photos.decoding.told import told


def main() -> int:
    limits = Limits(**json.loads(sys.stdin.read() or "{}"))
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    confine(limits)
    allow_loaders()
    try:
        with source.open("rb") as file:
            kind = kind_of(file.read(HEAD))
        opened = open_scan(source, kind, limits, "none")
    except Refusal as reason:
        sys.stdout.write(str(reason))
        return REFUSED
    directory = opened.chosen.directory if opened.chosen else None
    (folder / "told.json").write_text(json.dumps(told(opened.image, directory)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
