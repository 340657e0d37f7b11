"""Reads one untrusted mask file in a process of its own.

`python -m annotate.formats.mask_child IN OUTDIR WIDTH HEIGHT BIT` reads limits as JSON from
standard input and writes `mask.hmt` and `said.txt` into OUTDIR. A refusal is one sentence on
standard output and exit status 3. No Django here.
"""

import json
import sys
from pathlib import Path

from annotate.formats import mask_file
from photos.decoding.child import REFUSED, TOO_MUCH_MEMORY, confine
from photos.decoding.opening import Limits
from photos.masks.tiles import encode_tiles, split_tiles


def main() -> int:
    limits = Limits(**json.loads(sys.stdin.read() or "{}"))
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    width, height, bit = (int(each) for each in sys.argv[3:6])
    confine(limits)
    try:
        found = mask_file.read(
            source, width=width, height=height, bit=bit, megapixels=limits.megapixels
        )
        (folder / "mask.hmt").write_bytes(encode_tiles(split_tiles(found.mask)))
    except mask_file.NoMask as reason:
        sys.stdout.write(str(reason))
        return REFUSED
    except MemoryError:
        sys.stdout.write(TOO_MUCH_MEMORY)
        return REFUSED
    (folder / "said.txt").write_text(found.said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
