"""`python -m tests.crowd.clock_jumps [--seed N] [--seconds N]`: the time of day is set to and fro.

A site on SQLite, where the clock of the database is the host's: people paint, vote and upload
while the clock of all its processes jumps by seconds to days and a worker is killed now and then.
Afterwards the time is right again, nothing is lost, and all work ends within minutes, not days.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from tests.crowd import chaos, site
from tests.crowd.wrong_clock import NoCompiler, WrongClock

JUMPS = (-25 * 3600, -3600, -90, -5, 0, 5, 90, 3600, 25 * 3600)  # shorter than a session lives
PAUSES = (3.0, 6.0)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="heirloom-clock-") as name:
        try:
            clock = WrongClock(Path(name))
        except NoCompiler as reason:
            print(f"{reason} The clock stays as it is.")
            return 0
        var = Path(name) / "var"
        var.mkdir()
        sqlite = SimpleNamespace(address=f"sqlite:///{var}/heirloom.sqlite3")
        site.settle(
            var, sqlite, SimpleNamespace(address="embedded://here"),
            CACHE_URL="locmemcache://", **chaos.SHORT,
        )  # fmt: skip
        return play(var, clock, given)


def play(var, clock, given):
    print(f"a clock that jumps, with seed {given.seed} for {given.seconds:g} s", flush=True)
    study, run = chaos.lay_out(var)
    with site.parts(var, more=clock.variables) as (address, found):
        print("the site is up; the clock is set", flush=True)
        until = time.monotonic() + given.seconds
        groups = chaos.crowd(address, study, until, given.seed)
        people = [person for group in groups for person in group]
        done = jump(clock, found["interactive"], until, random.Random(given.seed))
        clock.set(0)
        late = site.at_most(people, 240)
        found.pop("beat").stop()
        began = time.monotonic()
        quiet = chaos.calm(found, chaos.CALM)
        print(f"  {done}; all work ended {time.monotonic() - began:.0f} s after the time was right")
        counts = [sum(len(person.acknowledged) for person in group) for group in groups]
        print("  acknowledged: {} strokes, {} votes, {} uploads".format(*counts))
        odd = Counter(text for person in people for text in person.errors)
        print(f"  answers that were no: {dict(odd.most_common(6))}")
        bad = chaos.verdict(groups, study, run) or late or not quiet
    print("nothing was lost" if not bad else f"FAILED with --seed {given.seed}")
    return int(bool(bad))


def jump(clock, worker, until, dice):
    """Each second jump a worker dies right after it, with a lease of the wrong time."""
    jumps = kills = 0
    while time.monotonic() < until:
        clock.set(dice.choice(JUMPS))
        jumps += 1
        time.sleep(dice.uniform(*PAUSES))
        if jumps % 2:
            worker.kill()
            worker.start()
            kills += 1
    return f"{jumps} jumps, {kills} kills"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
