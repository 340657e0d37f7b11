"""Reads one untrusted mask file in a process of its own.

`python -m annotate.formats.mask_child IN OUTDIR WIDTH HEIGHT BIT` writes `mask.hmt` and `said.txt`,
as `photos.decoding.confined` has it. No Django here.
"""

import sys
from pathlib import Path

from annotate.formats import mask_file
from photos.decoding.confined import answer
from photos.decoding.opening import Limits
from photos.masks.tiles import encode_tiles, split_tiles


def read(source: Path, folder: Path, limits: Limits, width: str, height: str, bit: str) -> None:
    found = mask_file.read(
        source, width=int(width), height=int(height), bit=int(bit), megapixels=limits.megapixels
    )
    (folder / "mask.hmt").write_bytes(encode_tiles(split_tiles(found.mask)))
    (folder / "said.txt").write_text(found.said)


if __name__ == "__main__":
    sys.exit(answer(read, mask_file.NoMask))
