"""A stranger who fills the disk: unfinished uploads on a small file system of their own.

`python -m tests.attack.disk` mounts 96 MB in memory (it needs the right to mount; else it says so and counts
answers only), lets four clients begin uploads as fast as they can, and signs in meanwhile.
"""

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.attack.servers import answers, served

SIZE, RESERVE, SECONDS = 96_000_000, 40, 20.0
TIFF = b"II*\0" + os.urandom(2_000_000)


@contextmanager
def small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", name]
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
        if not mounted:
            print("no small disk could be mounted: answers are counted only")
        try:
            yield Path(name)
        finally:
            if mounted:
                subprocess.run(["umount", "-l", name])


def begin(port: int, stop: threading.Event, told: list[int]) -> None:
    """Uploads that are never finished: one piece of two megabytes each."""
    while not stop.is_set():
        with suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "30000000"}
            line.request("POST", "/api/v1/uploads/", headers=tus)
            begun = line.getresponse()
            begun.read()
            told.append(begun.status)
            if begun.status != 201:
                time.sleep(0.2)
                continue
            kind = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            body = TIFF[:4] + os.urandom(2_000_000)
            at = urlsplit(begun.headers["Location"]).path
            line.request("PATCH", at, body, {**tus, **kind})
            told.append(line.getresponse().status)
            line.close()


def main(_: Sequence[str] = ()) -> int:
    limits = {
        "DISK_RESERVE_MEGABYTES": str(RESERVE), "UPLOADS_PER_HOUR": "1000000",
        "UNFINISHED_UPLOADS_MEGABYTES": "5000", "API_PER_MINUTE": "1000000",
    }  # fmt: skip
    with small_disk() as folder, served("ours", folder, **limits) as port:
        stop, told, least, worst = threading.Event(), [], SIZE, 0.0
        threads = [threading.Thread(target=begin, args=(port, stop, told)) for _ in range(4)]
        [thread.start() for thread in threads]
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            worst = max(worst, answers(port))
            least = min(least, shutil.disk_usage(folder).free)
            time.sleep(0.2)
        stop.set()
        [thread.join() for thread in threads]
    counts = {status: told.count(status) for status in sorted(set(told))}
    print(f"answers {counts}; least free {least / 1e6:.0f} MB of a reserve of {RESERVE}")
    print(f"slowest sign-in page {worst:.2f} s")
    holds = 507 in counts and least > RESERVE * 1e6 / 4 and not counts.keys() & {500}
    print("holds: the site keeps its reserve" if holds else "MISSES")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
