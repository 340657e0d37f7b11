"""`python -m tests.crowd.load`: a busy hour in three minutes, on PostgreSQL and Redis.

100 people paint a stroke a second, sent as the page sends them: gathered for three seconds. They
come within half a minute and hand a mask in after 45 to 75 strokes. 20 vote and 20 upload. Prints
what was asked for beside what was measured: errors, losses, the slowest twentieth, the memory of
web and workers, and who took how much of the processors.
"""

import argparse
import os
import statistics
import sys
import time
from collections import Counter

from tests.crowd import site

HOLD = {"stroke": 150.0, "page": 400.0}  # milliseconds that 95 of 100 stay below
FEWEST = 45  # strokes, one a second, after which the quickest hand their masks in
GROWTH = 1.25  # of memory, from the first third to the last


def lay_out(var, painters, voters, seconds):
    study = site.open_study()
    site.production(var)
    # Enough for the quickest: who finds nothing to paint asks again every second, as no page does.
    site.photos_to_paint(painters * (2 + int(seconds / FEWEST)))
    return study, site.sessions("assessor", painters), site.sessions("voter", voters)


def crowd(address, study, keys, given, until):
    from tests.crowd.people import Painter, Uploader, Voter

    painters = [
        Painter(
            address,
            key,
            n,
            until,
            1.0,
            arrive=given.arrive,
            submit_after=FEWEST + 30 * n // len(keys[0]),
            wait=given.wait,
        )
        for n, key in enumerate(keys[0])
    ]
    voters = [
        Voter(address, key, 1000 + n, until, 4.0, study=study.number)
        for n, key in enumerate(keys[1])
    ]
    uploaders = [
        Uploader(address, "", 2000 + n, until, 20.0, photo=site.upload)
        for n in range(given.uploaders)
    ]
    return painters, voters, uploaders


def warm_up(address):
    """One of each kind of work first: a worker that has not yet opened its networks is small."""
    from jobs.models import Job
    from pipeline.services import suggest_missing_later
    from tests.crowd.people import Uploader

    suggest_missing_later(1)

    Uploader(address, "", 0, time.monotonic(), 0.0, photo=site.upload).act()
    if not site.wait_until(lambda: not Job.objects.active().exists(), 300):
        raise RuntimeError("the first work was not done")


def memory(parts, until):
    """Megabytes of each part every few seconds."""
    seen = []
    while time.monotonic() < until:
        seen.append({name: part.megabytes() for name, part in parts.items()})
        time.sleep(5)
    return seen


def table(people):
    """Milliseconds by act; False where a promise is not held."""
    times = {}
    for person in people:
        for what, value in person.times:
            times.setdefault(what, []).append(value)
    held = True
    for what, values in sorted(times.items()):
        p95 = sorted(values)[int(0.95 * (len(values) - 1))]
        limit = HOLD.get(what)
        word = "" if limit is None else f"  {'holds' if p95 < limit else 'MISSES'} {limit:.0f} ms"
        held &= limit is None or p95 < limit
        print(
            f"  {what:8} {len(values):6} x  p50 {statistics.median(values):7.1f}  p95 {p95:7.1f} ms{word}"
        )
    return held


def grown(seen):
    """Whether a part of the site takes more memory at the end than it did at first."""
    third = max(1, len(seen) // 3)
    flat = True
    for name in seen[0]:
        first = statistics.median(row[name] for row in seen[third : 2 * third] or seen)
        last = statistics.median(row[name] for row in seen[-third:])
        flat &= last < GROWTH * first
        print(f"  memory of {name:12} {first:6.0f} MB -> {last:6.0f} MB")
    return flat


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--painters", type=int, default=100)
    parser.add_argument("--voters", type=int, default=20)
    parser.add_argument("--uploaders", type=int, default=20)
    parser.add_argument(
        "--wait", type=float, default=3.0, help="seconds strokes are gathered; 0: each by itself"
    )
    parser.add_argument(
        "--arrive", type=float, default=30, help="seconds within which painters come; 0: at once"
    )
    parser.add_argument("--web-workers", default="2")
    given = parser.parse_args(arguments)
    return site.on_servers(play, given, WEB_WORKERS=given.web_workers)


def play(var, database, broker, given):
    study, *keys = lay_out(var, given.painters, given.voters, given.seconds)
    print(f"{os.cpu_count()} cores, load of the machine before it begins: {os.getloadavg()[0]:.1f}")
    with site.parts(var) as (address, found):
        warm_up(address)
        until = time.monotonic() + given.seconds
        groups = crowd(address, study, keys, given, until)
        people = [person for group in groups for person in group]
        servers = {"postgresql": database, "redis": broker}
        roots = {name: part.process for name, part in (found | servers).items()}
        began, before = time.monotonic(), site.processor_seconds(roots)
        for person in people:
            person.start()
        seen = memory(found, until)
        shares(before, site.processor_seconds(roots), time.monotonic() - began)
        site.at_most(people, 60)
        return report(groups, people, study, seen)


def shares(before, after, seconds):
    """What each part took of the processors; the last is what others on the machine took."""
    spent = {name: 100 * (after[name] - before[name]) / seconds for name in before}
    machine = spent.pop("machine")
    spent["anything else"] = machine - sum(spent.values())
    print("  percent of a core: " + ", ".join(f"{name} {part:.0f}" for name, part in spent.items()))


def report(groups, people, study, seen):
    from tests.crowd import checks

    held, flat = table(people), grown(seen)
    errors = Counter(text for person in people for text in person.errors)
    lost = checks.strokes(groups[0]) + checks.votes(groups[1], study) + arrived(groups[2])
    counts = [sum(len(person.acknowledged) for person in group) for group in groups]
    strokes = sum(painter.strokes for painter in groups[0])
    print(f"  {strokes} strokes in ", end="")
    print("{} saves, {} votes, {} uploads acknowledged".format(*counts))
    print(f"  errors {sum(errors.values())} {dict(errors.most_common(4))}, losses {len(lost)}")
    print(f"  load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return int(not (held and flat) or bool(errors or lost))


def arrived(uploaders):
    """Every acknowledged photograph is there; its turn may come later."""
    from pipeline.models import Restoration

    tokens = [token for uploader in uploaders for token in uploader.acknowledged]
    there = set(Restoration.objects.filter(token__in=tokens).values_list("token", flat=True))
    return [token for token in tokens if token not in there]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
