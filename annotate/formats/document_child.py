"""Takes apart one large untrusted document in a process of its own.

`python -m annotate.formats.document_child IN OUTDIR KIND` reads limits as JSON from standard input
and writes `0`, `1`, … and `names.json` into OUTDIR. A refusal is one sentence on standard output
and exit status 3. No Django here.
"""

import json
import sys
from pathlib import Path

from annotate.formats import documents
from photos.decoding.child import REFUSED, confine
from photos.decoding.opening import Limits

TOO_LARGE = "This file is too large to be read here: split it into files of fewer photos."


def main() -> int:
    limits = Limits(**json.loads(sys.stdin.read() or "{}"))
    source, folder, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    confine(limits)
    names = []
    try:
        for number, (name, part) in enumerate(documents.parts(kind, source.read_bytes())):
            (folder / str(number)).write_bytes(part)
            names.append(name)
    except ValueError as reason:
        sys.stdout.write(str(reason))
        return REFUSED
    except MemoryError:
        sys.stdout.write(TOO_LARGE)
        return REFUSED
    (folder / "names.json").write_text(json.dumps(names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
