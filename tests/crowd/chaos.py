"""`python -m tests.crowd.chaos [--seed N] [--seconds N]`: kill -9 at random, and nothing is lost.

People paint, vote and upload, one network trains, while web, workers, beat, Redis and PostgreSQL
are killed and started again. Afterwards every acknowledged act is there, every job ended once.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter

from tests.crowd import site

PAUSES = (2.0, 4.5)  # seconds between two kills
CALM = 900  # seconds that all work may need to end on a busy machine
DOWN = (0.1, 1.5)  # seconds until what was killed is started again
SHORT = {"JOB_LEASE_SECONDS": "8", "JOB_HEARTBEAT_SECONDS": "2", "JOB_RESEND_SECONDS": "4"}
SHORT |= {"WORKER_NICE": "0"}  # else they would get nothing on a machine that others keep busy


def lay_out(var):
    from tests.training.builders import photo, scratched, tiny
    from training import services

    study = site.open_study()
    site.production(var)
    site.photos_to_paint(40, 700, 500)
    scratched(1), scratched(2), photo(3)
    snapshot = services.freeze_snapshot(name="Chaos")
    run = services.train_later(recipe=tiny(images=160), snapshot=snapshot)
    return study, run


def crowd(address, study, until, seed):
    from tests.crowd.people import Painter, Uploader, Voter

    painters = [Painter(address, key, seed + n, until, 0.25, submit_after=12)
                for n, key in enumerate(site.sessions("assessor", 3))]  # fmt: skip
    voters = [Voter(address, key, seed + 50 + n, until, 0.8, study=study.number)
              for n, key in enumerate(site.sessions("voter", 3))]  # fmt: skip
    uploaders = [
        Uploader(address, "", seed + 90 + n, until, 9.0, photo=site.upload) for n in (0, 1)
    ]
    for person in [*painters, *voters, *uploaders]:
        person.start()
    return painters, voters, uploaders


def storm(victims, parts, until, dice):
    killed = Counter()
    while time.monotonic() < until:
        time.sleep(dice.uniform(*PAUSES))
        name = dice.choice(sorted(victims))
        victims[name].kill()
        killed[name] += 1
        time.sleep(dice.uniform(*DOWN))
        victims[name].start()
        killed.update(f"{name} by itself" for name in revive(parts))
    return killed


def revive(parts):
    """What ended by itself is started again, as the supervisor of `manage.py up` does it."""
    ended = [part for part in parts.values() if part.process.poll() is not None]
    for part in ended:
        part.start()
    return [part.name for part in ended]


def calm(parts, seconds):
    """Waits until no job is left. Beat is stopped, for it asks for new work every minute."""
    from django.db import OperationalError, connection

    from jobs.models import Job, Queue
    from jobs.services import hints_waiting

    def idle():
        return not (Job.objects.active().exists() or any(map(hints_waiting, Queue.values)))

    def done():
        try:
            if ended := revive(parts):
                print(f"  ended by itself: {ended}")
            # The last hint may be of a routine that only now asks for more.
            return idle() and not time.sleep(3) and idle()
        except OperationalError:
            connection.close()
            return False

    return site.wait_until(done, seconds)


def verdict(groups, study, run):
    from tests.crowd import checks

    painters, voters, uploaders = groups
    idle = ["painters", "voters", "uploaders"]
    found = {
        "work": [
            f"no act of the {name} was acknowledged: nothing was tried"
            for name, group in zip(idle, groups, strict=True)
            if not any(person.acknowledged for person in group)
        ],
        "strokes": checks.strokes(painters),
        "masks": checks.masks(),
        "votes and their chain": checks.votes(voters, study),
        "uploads": checks.uploads(uploaders),
        "jobs": checks.jobs(),
        "training": checks.training(run),
        "files": checks.files(),
    }
    for name, sentences in found.items():
        print(f"  {name}: {'whole' if not sentences else f'{len(sentences)} WRONG'}")
        for sentence in sentences[:5]:
            print(f"    {sentence}")
    return any(found.values())


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--seconds", type=float, default=100)
    return site.on_servers(play, parser.parse_args(arguments), **SHORT)


def play(var, database, broker, given):
    print(f"chaos with seed {given.seed} for {given.seconds:g} s", flush=True)
    study, run = lay_out(var)
    with site.parts(var) as (address, found):
        print("the site is up; the storm begins", flush=True)
        until = time.monotonic() + given.seconds
        groups = crowd(address, study, until, given.seed)
        victims = {**found, "postgresql": database, "redis": broker}
        killed = storm(victims, found, until, random.Random(given.seed))
        late = site.at_most([person for group in groups for person in group], 240)
        found.pop("beat").stop()
        quiet = calm(found, CALM)
        people = [person for group in groups for person in group]
        print(f"  killed {sum(killed.values())}: {dict(sorted(killed.items()))}")
        counts = [sum(len(person.acknowledged) for person in group) for group in groups]
        print("  acknowledged: {} strokes, {} votes, {} uploads".format(*counts), end="; ")
        print(f"{sum(person.retries for person in people)} requests sent again")
        odd = Counter(text for person in people for text in person.errors)
        print(f"  answers that were no: {dict(odd.most_common(6))}")
        if late or not quiet:
            print(f"  {late} people did not come home; all work ended: {quiet}")
        # Counted twice, a while apart: what ends late, or is taken back, shows the second time.
        bad = verdict(groups, study, run) or late or not quiet
        quiet = calm(found, CALM)
        bad = verdict(groups, study, run) or bad or not quiet
    print("nothing was lost" if not bad else f"FAILED with --seed {given.seed}")
    if bad:
        said = re.findall(r"^[\w.]*(?:Error|Exception)\b.*", (var / "parts.log").read_text(), re.M)
        for text, count in Counter(line[:120] for line in said).most_common(12):
            print(f"  {count} x {text}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
