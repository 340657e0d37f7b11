"""`python -m tests.benchmarks.decoding_batch FOLDER`: decodes every file of a folder, each in its own fork.

The limits are those of a worker, or tighter; each file gives a line of JSON. No Django: for tests
and quick trials.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from photos.decoding import child
from photos.decoding.confined import REFUSED, TOO_MUCH_MEMORY, confine
from photos.decoding.formats import Refusal
from photos.decoding.opening import Limits

LIMITS = Limits(cpu_seconds=20, memory=1 << 30)


def attempt(source: Path) -> tuple[int, str]:
    """(exit status or minus the signal, what the child said)."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        os._exit(_decode(source, writer))
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        text = said.read().decode(errors="replace")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def _decode(source: Path, writer: int) -> int:
    try:
        with tempfile.TemporaryDirectory() as folder:
            confine(LIMITS)
            child.decode(source, Path(folder), LIMITS)
    except Refusal as reason:
        os.write(writer, str(reason).encode())
        return REFUSED
    except MemoryError:  # numpy says how much, in no sentence for people; the product does not
        os.write(writer, json.dumps(TOO_MUCH_MEMORY).encode())
        return REFUSED
    except BaseException as error:
        os.write(writer, f"{type(error).__name__}: {error}".encode()[:2000])
        return 1
    return 0


def run(folder: Path) -> None:
    for source in sorted(folder.iterdir()):
        began = time.perf_counter()
        status, said = attempt(source)
        row = {"name": source.name, "status": status, "said": said}
        print(json.dumps(row | {"seconds": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
