"""The vote log: the hash chain of a study's rows, and which votes may be counted."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from config.errors import Refused
from evaluation.models import (
    UNDO_SECONDS,
    Ballot,
    BlindCopy,
    Checkpoint,
    Guest,
    Study,
    Vote,
)
from evaluation.statistics.records import vote_records
from evaluation.statistics.running_state import Standing

SAVE_EVERY = 50  # votes counted anew before the sum is saved again
OUTCOMES = tuple(vote_records.OUTCOMES)


def digest(value: Any) -> str:
    return hashlib.sha256(vote_records.canonical(value).encode()).hexdigest()


def length(study: Study) -> int:
    """Rows in the study's log."""
    last = study.votes.order_by("-sequence").values_list("sequence", flat=True).first()
    return int(last or 0)


def first_break(start: str, rows: Iterable[tuple[Mapping[str, Any], str, str]]) -> int | None:
    """The place (from 1) of the first (record, previous hash, hash) that does not follow."""
    previous = start
    for place, (record, before, found) in enumerate(rows, start=1):
        if before != previous or vote_records.link(previous, record) != found:
            return place
        previous = found
    return None


def chain_break(study: Study) -> int | None:
    """Where the study's stored chain breaks; None while it is whole to its end."""
    rows = list(study.votes.order_by("sequence"))
    broken = first_break(study.digest, [(v.record, v.previous_hash, v.hash) for v in rows])
    if broken is not None:
        return broken
    for vote in rows:
        if vote.outcome != vote.record["outcome"]:
            return int(vote.sequence)
    end = rows[-1].hash if rows else study.digest
    return None if end == study.last_hash else len(rows) + 1


def counted(study: Study) -> list[Vote]:
    """Standing votes in their order, up to the first that can still be taken back.

    A replay sees the same order, and no elimination is ever undone. A closed study waits for
    nobody.
    """
    votes = list(study.votes.standing().order_by("sequence"))
    if not study.is_open:
        return votes
    rows = [(vote.sequence, vote.voter_pseudonym, vote.undo_ends) for vote in votes]
    return votes[: _settled(rows)]


def _settled(rows: Sequence[tuple[int, str, datetime]]) -> int:
    """How many of the standing (sequence, voter, end of undo) can no longer change."""
    latest = {voter: sequence for sequence, voter, _ in rows}
    now = timezone.now()
    for index, (sequence, voter, undo_ends) in enumerate(rows):
        if voter and undo_ends > now and latest[voter] == sequence:
            return index
    return len(rows)


def standing(study: Study) -> Standing:
    """The contest after all counted votes: the saved sum and what came after it."""
    models, alpha = len(study.plan["candidates"]), float(study.plan["alpha"])
    low, high = (float(bound) for bound in study.plan["band"])
    saved: Checkpoint | None = getattr(study, "checkpoint", None)
    if saved is None:
        found = Standing.empty(models, alpha, (low, high))
    else:
        found = Standing.from_json(saved.state, models, alpha, (low, high))
    before = found.sequence
    votes = study.votes.standing().filter(sequence__gt=before).order_by("sequence")
    fields = votes.values_list("sequence", "voter_pseudonym", "cast_at", "record")
    rows = list(fields)
    open_windows = [
        (sequence, voter, cast_at + timedelta(seconds=UNDO_SECONDS))
        for sequence, voter, cast_at, _ in rows
    ]
    for *_, record in rows[: _settled(open_windows)]:
        found.add(record)
    if found.sequence - before >= SAVE_EVERY:
        state = {"sequence": found.sequence, "state": found.to_json()}
        Checkpoint.objects.update_or_create(study=study, defaults=state)
    return found


def append(
    *,
    study: Study,
    ballot: Ballot,
    pseudonym: str,
    outcome: str,
    reasons: list[str] | None = None,
    seconds: float | None = None,
    screen: Mapping[str, Any] | None = None,
    supersedes: Vote | None = None,
    outputs: Sequence[str] | None = None,
) -> Vote:
    """One row more, under a compare-and-set of the chain's end. `study` is locked and fresh.

    `outputs` is what `shown` says, where it was asked before.
    """
    sequence = length(study) + 1
    now = timezone.now()
    record = _record(study, ballot, outputs or shown(ballot), outcome, now) | {
        "sequence": sequence,
        "voter": pseudonym,
        "reasons": reasons or [],
        "seconds": None if seconds is None else round(seconds, 3),
        "screen": dict(screen or {}),
        "supersedes": None if supersedes is None else supersedes.sequence,
    }
    if pseudonym and Guest.objects.filter(account=ballot.voter_id).exists():
        record["guest"] = True
    found = vote_records.link(study.last_hash, record)
    chain = Study.objects.filter(pk=study.pk, state=Study.State.OPEN, last_hash=study.last_hash)
    if chain.update(last_hash=found) != 1:
        raise Refused("Another vote came in between; please vote again.")
    before, study.last_hash = study.last_hash, found
    vote: Vote = Vote.objects.create(
        study=study,
        ballot=ballot,
        supersedes=supersedes,
        sequence=sequence,
        outcome=outcome,
        reasons=record["reasons"],
        seconds=seconds,
        voter_pseudonym=pseudonym,
        record=record,
        previous_hash=before,
        hash=found,
        cast_at=now,
    )
    return vote


def shown(ballot: Ballot) -> list[str]:
    """The digest of the pixels in each of the ballot's slots."""
    copies = BlindCopy.objects.of_ballot(ballot)
    pixels = {copy.place: copy.pixels_sha256 for copy in copies}
    return [pixels[position] for position in ballot.slots]


def _record(
    study: Study, ballot: Ballot, outputs: Sequence[str], outcome: str, now: datetime
) -> dict[str, Any]:
    photo = next(row for row in study.plan["photos"] if row["id"] == str(ballot.photo_id))
    return {
        "study": study.digest,
        "ballot": str(ballot.pk),
        "issued_at": ballot.issued_at.isoformat(),
        "cast_at": now.isoformat(),
        "photo": str(ballot.photo_id),
        "photo_sha256": photo.get("sha256"),
        "category": photo["category"],
        "slots": ballot.slots,
        "outputs": list(outputs),
        "kind": str(ballot.kind),
        "repeats": None if ballot.repeats_id is None else str(ballot.repeats_id),
        "outcome": str(outcome),
        "rule": study.plan["pair_rule"],
        "code": vote_records.code_version(),
    }
