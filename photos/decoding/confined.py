"""A process of its own for one untrusted file: limits first, and a refusal as a sentence.

`python -m MODULE IN OUTDIR [ARGUMENTS]` reads limits as JSON from standard input and writes into
OUTDIR what `scans.run_child`'s caller looks for there. A refusal is one sentence on standard output
and exit status 3. No Django here.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from photos import confinement
from photos.decoding.opening import Limits

REFUSED = 3
TOO_MUCH_MEMORY = "Reading this file takes more memory than one file is given."


def answer(
    read: Callable[..., None], refusal: type[Exception], too_much: str = TOO_MUCH_MEMORY
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
        sys.stdout.write(str(reason))
        return REFUSED
    except MemoryError:
        sys.stdout.write(too_much)
        return REFUSED
    return 0


def confine(limits: Limits) -> None:
    """What this process may use from here on."""
    confinement.confine(
        memory=limits.memory, cpu_seconds=limits.cpu_seconds, file_bytes=limits.file_bytes
    )
