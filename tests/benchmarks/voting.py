"""Voting: a thousand resamples of a long log, the next ballot at a long log."""

import hashlib
import statistics
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # Django is set up inside the bench, not when it is imported
    from django.contrib.auth.models import User

    from evaluation.models import Study

MODELS, VOTES, VOTERS, PHOTOS = 20, 100_000, 50, 80
BALLOT_MODELS, BALLOTS = 6, 60


def main() -> None:
    resampling()
    ballots()


def resampling() -> None:
    from evaluation.statistics.ranking import Options, bootstrap, count
    from evaluation.statistics.records.judgements import Judgement

    rng = np.random.default_rng(1)
    theta = rng.normal(0, 0.6, MODELS)
    i, shift = rng.integers(0, MODELS, VOTES), rng.integers(1, MODELS, VOTES)
    j = (i + shift) % MODELS
    eta = theta[i] - theta[j] + 0.15
    worth = np.stack([np.exp(eta / 2), np.exp(-eta / 2), np.full(VOTES, 0.35)])
    chance = np.cumsum(worth / worth.sum(axis=0), axis=0)
    said = (rng.random(VOTES) > chance).sum(axis=0)
    voters, photos = rng.integers(0, VOTERS, VOTES), rng.integers(0, PHOTOS, VOTES)
    names = [f"m{k:02}" for k in range(MODELS)]
    judgements = [
        Judgement(
            (names[a], names[b]),
            "equal" if o == 2 else "best",
            None if o == 2 else o,
            str(v),
            str(p),
        )
        for a, b, o, v, p in zip(
            i.tolist(), j.tolist(), said.tolist(), voters.tolist(), photos.tolist(), strict=True
        )
    ]
    counts = count(judgements, names)
    times = []
    for _ in range(3):
        start = time.process_time()
        bootstrap(counts, Options(), np.random.default_rng(2))
        times.append(time.process_time() - start)
    print(
        f"{MODELS} candidates, {VOTES:,} votes, 1,000 resamples of voters and photos: "
        f"{min(times):.2f} s of one core (target 2 s)"
    )


def ballots() -> None:
    """In a database of its own, thrown away afterwards."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0)
    try:
        _time_ballots()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _time_ballots() -> None:
    from django.contrib.auth.models import User

    from evaluation.services import votes

    study = _long_study()
    people = [User.objects.create_user(f"bench{k}") for k in range(BALLOTS)]
    times, work = [], []
    for person in people:
        start, busy = time.perf_counter(), time.process_time()
        ballot = votes.next_ballot(study=study, voter=person)
        times.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.process_time() - busy))
        outcome = ("left", "right")[int(ballot.slots[0] > ballot.slots[1])]
        votes.cast_vote(ballot=ballot, voter=person, outcome=outcome, seconds=3.0)
    rest = sorted(times[1:])
    busy = statistics.median(work[1:])
    print(
        f"next ballot at {VOTES:,} votes: median {statistics.median(rest):.1f} ms, 95 % under "
        f"{rest[int(0.95 * len(rest))]:.1f} ms, of the processor {busy:.1f} ms "
        f"(target 30 ms); the first, which reads the whole "
        f"log, {times[0]:,.0f} ms"
    )


def _long_study() -> "Study":
    """An open study with a log of VOTES rows on SQLite, as the site would have written them."""
    from django.contrib.auth.models import User

    from evaluation.models import Study

    study = _open_study()
    voters = [User.objects.create_user(f"voter{k}") for k in range(VOTERS)]
    _vote(study, voters, np.random.default_rng(3))
    return Study.objects.get(pk=study.pk)


def _open_study() -> "Study":
    """With its blind copies, which no picture stands behind: a ballot reads only their rows."""
    from evaluation import services
    from evaluation.models import BlindCopy, Study
    from photos.models import Photo
    from training.models import ModelVersion

    versions = [
        ModelVersion.objects.create(
            stage="inpainting",
            name=f"bench {k}",
            gate={"passed": True},
            weights_sha256=hashlib.sha256(b"%d" % k).hexdigest(),
        )
        for k in range(BALLOT_MODELS)
    ]
    photos = [
        Photo.objects.create(title=f"{k}", state=Photo.State.READY, width=6, height=4)
        for k in range(PHOTOS)
    ]
    study = services.create_study(
        stage="inpainting", question="?", versions=versions, photos=photos,
        cap=10 * VOTES, training=False,
    )  # fmt: skip
    BlindCopy.objects.bulk_create(
        BlindCopy(
            study=study, photo=photo, candidate=candidate, width=6, height=4,
            pixels_sha256=hashlib.sha256(f"{photo.pk} {candidate}".encode()).hexdigest(),
        )
        for photo in photos
        for candidate in [None, *study.candidates.all()]
    )  # fmt: skip
    study.prepare()
    services.finish_opening(study=study)
    return Study.objects.get(pk=study.pk)


def _vote(study: "Study", voters: "list[User]", rng: np.random.Generator) -> None:
    """VOTES cast ballots and their chained votes; nobody is better, so that the study goes on."""
    from django.utils import timezone

    from evaluation.models import Ballot, Study, Vote
    from evaluation.statistics.records import vote_records

    now = timezone.now() - timedelta(hours=1)
    photos = list(study.photos.all())
    shown = np.argsort(rng.random((VOTES, BALLOT_MODELS)), axis=1)[:, :2].tolist()
    said = rng.choice(["left", "right", "equal"], VOTES).tolist()
    who = rng.integers(0, VOTERS, VOTES).tolist()
    where = rng.integers(0, PHOTOS, VOTES).tolist()
    cast = [
        Ballot(study=study, voter=voters[v], photo=photos[p], slots=s, state="cast", issued_at=now)
        for v, p, s in zip(who, where, shown, strict=True)
    ]
    Ballot.objects.bulk_create(cast, batch_size=2000)
    pseudonyms = [study.pseudonym(voter) for voter in voters]
    previous, rows = study.digest, []
    for number, (ballot, outcome, v) in enumerate(zip(cast, said, who, strict=True), 1):
        record = {
            "study": study.digest, "ballot": str(ballot.pk), "photo": str(ballot.photo_id),
            "photo_sha256": None, "category": "", "slots": ballot.slots, "kind": "ordinary",
            "repeats": None, "outcome": outcome, "sequence": number, "voter": pseudonyms[v],
            "reasons": [], "seconds": 3.0, "supersedes": None, "cast_at": now.isoformat(),
        }  # fmt: skip
        link = vote_records.link(previous, record)
        rows.append(
            Vote(
                study=study, ballot=ballot, sequence=number, outcome=outcome, seconds=3.0,
                voter_pseudonym=pseudonyms[v], record=record, previous_hash=previous, hash=link,
                cast_at=now,
            )
        )  # fmt: skip
        previous = link
    Vote.objects.bulk_create(rows, batch_size=2000)
    Study.objects.filter(pk=study.pk).update(last_hash=previous)
