"""A process of its own for one untrusted file: limits first, and a refusal in one line.

`python -m MODULE IN OUTDIR [ARGUMENTS]` reads limits as JSON from standard input and writes into
OUTDIR what `scans.run_child`'s caller looks for there. A refusal is said on standard output, as a
sentence or as JSON of a code with parameters, with exit status 3. No Django here.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from config.words.pairs import Said, said
from config.words.said import as_text, reason_of
from photos import confinement
from photos.decoding.opening import Limits

REFUSED = 3
TOO_MUCH_MEMORY = said("scan.memory")


def answer(
    read: Callable[..., None], refusal: type[Exception], too_much: Said = TOO_MUCH_MEMORY
) -> int:
    """The exit status of `read(source, folder, limits, *arguments)`, called within the limits.

    A `refusal` is said in its own words, and a MemoryError in those of `too_much`.
    """
    limits = Limits(**json.loads(sys.stdin.read() or "{}"))
    source, folder, *arguments = sys.argv[1:]
    confine(limits)
    try:
        read(Path(source), Path(folder), limits, *arguments)
    except refusal as reason:
        sys.stdout.write(as_text(reason_of(reason)))
        return REFUSED
    except MemoryError:
        sys.stdout.write(json.dumps(too_much))
        return REFUSED
    return 0


def confine(limits: Limits) -> None:
    """What this process may use from here on."""
    confinement.confine(
        memory=limits.memory, cpu_seconds=limits.cpu_seconds, file_bytes=limits.file_bytes
    )
