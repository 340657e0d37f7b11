"""A process of its own for one untrusted file: limits first, and a refusal as a sentence.

`python -m MODULE IN OUTDIR [ARGUMENTS]` reads limits as JSON from standard input and writes into
OUTDIR what `scans.run_child`'s caller looks for there. A refusal is one sentence on standard output
and exit status 3. No Django here.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

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
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
