"""`python -m tests.crowd.little_memory [--megabytes N]`: workers whose memory is bounded.

The kernel says no to a worker (RLIMIT_AS) in the midst of photographs. What fails says so, readiness
stays, no photograph is refused for good, and once the bound is gone the same ones are restored when
somebody asks again.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from tests.crowd import chaos, site

PATIENCE = 2_700  # seconds; a large one takes ten minutes beside busy neighbours
LARGE, SMALL = (6000, 5000), (96, 80)
"""Pixels; the first need some hundred megabytes more than a worker that is warm has."""


def bounded(part, megabytes):
    """Starts the part anew under the bound; its children inherit it."""
    start = part.start

    def with_bound():
        start()
        size = megabytes * 1_000_000
        resource.prlimit(part.process.pid, resource.RLIMIT_AS, (size, size))

    part.kill()
    with_bound()


def send(address, photos):
    import http.client
    import json
    from urllib.parse import urlsplit

    tokens = []
    for name, content in photos:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="photo"; filename="%b"\r\n\r\n'
            b"%b\r\n--x--\r\n" % (name.encode(), content)
        )
        line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        line.request("POST", "/api/v1/restorations/", body,
                     {"Content-Type": "multipart/form-data; boundary=x"})  # fmt: skip
        answer = line.getresponse()
        said = answer.read()
        assert answer.status == 201, said[:200]
        tokens.append(json.loads(said)["token"])
    return tokens


def picture(size, seed):
    import io

    import numpy as np
    from PIL import Image

    ramp = np.linspace(30, 200, size[0] // 8)[None, :] * np.ones((size[1] // 8, 1))
    noise = np.random.default_rng(seed).normal(0, 8, ramp.shape)
    out = io.BytesIO()
    small = Image.fromarray(np.clip(ramp + noise, 0, 255).astype(np.uint8))
    small.resize(size).save(out, "JPEG", quality=90)
    return out.getvalue()


def states(tokens):
    from pipeline.models import Restoration

    rows = Restoration.objects.filter(token__in=tokens).select_related("job")
    return {row.token: (row.job.state, row.job.error) for row in rows}


def ended(tokens):
    return all(state in ("succeeded", "failed") for state, _ in states(tokens).values())


def play(var, megabytes):
    from jobs import services
    from jobs.models import Job

    site.production(var)
    with site.parts(var) as (address, found):
        workers = [found["interactive"], found["quick"]]
        for worker in workers:
            bounded(worker, megabytes)
        site.wait_until(lambda: site.is_ready(address), PATIENCE)
        small = send(address, [(f"small{n}.jpg", picture(SMALL, n)) for n in range(3)])
        large = send(address, [(f"large{n}.jpg", picture(LARGE, 9 + n)) for n in range(2)])
        small += send(address, [(f"after{n}.jpg", picture(SMALL, 20 + n)) for n in range(3)])
        home = site.wait_until(lambda: ended(small + large), PATIENCE)
        print(f"  bounded at {megabytes} MB: small {Counter(states(small).values())}", flush=True)
        print(f"  large {Counter(states(large).values())}; ready: {site.is_ready(address)}")
        good = home and site.is_ready(address)
        both = states(small + large).values()
        good &= all(state == "succeeded" or why.code == "job.no-memory" for state, why in both)
        met = any(state == "failed" for state, _ in both)
        for worker in workers:
            worker.kill()
            worker.start()
        for job in Job.objects.filter(state="failed"):
            services.retry(job)
        home = site.wait_until(lambda: ended(small + large), PATIENCE)
        print(f"  without a bound: {Counter(states(small + large).values())}")
        good &= home and all(state == "succeeded" for state, _ in states(small + large).values())
        if not met:
            print("  the bound was met by none: take a smaller one")
        return good


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=2200)  # a warm worker has 1,700
    given = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heirloom-memory-") as name:
        var = Path(name)
        sqlite = SimpleNamespace(address=f"sqlite:///{var}/heirloom.sqlite3")
        site.settle(
            var, sqlite, SimpleNamespace(address="embedded://here"),
            CACHE_URL="locmemcache://", **chaos.SHORT,
        )  # fmt: skip
        good = play(var, given.megabytes)
    print(f"{'held' if good else 'FAILED'} after {time.monotonic() - began:.0f} s")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
