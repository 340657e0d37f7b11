"""Issue the next ballot, cast a vote, take it back: the voter's three verbs."""

import secrets
from datetime import datetime
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from annotate.models import Photo
from evaluation import controls, ledger, replay
from evaluation.evidence import Contest
from evaluation.judgements import EQUAL, Judgement
from evaluation.models import Ballot, Study, Vote
from evaluation.pairing import REFRESH, Pair, PairRule, shuffled_pairs
from evaluation.services import BAND
from evaluation.tally import hold_contest
from jobs.errors import Refused

APART = 20  # ballots before a voter may see the same photo again
CLOSED = "This study is closed: no more votes are taken."
ENOUGH = "This study has all the votes it needs. Thank you."
REASONS = (
    "bleeding colours",
    "wrong skin or uniform colour",
    "dull",
    "colour patches",
    "smeared face",
    "lost detail",
    "invented detail",
    "visible seam",
    "defect left",
    "over-smoothed",
)


def next_ballot(*, study: Study, voter: User) -> Ballot:
    """The ballot she still holds, or a new one. Reload and another device get the same."""
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study.pk)
        if study.state == Study.State.CLOSED:
            raise Refused(CLOSED)
        if not study.is_open:
            raise Refused("This study is not open yet.")
        if study.has_author(voter):
            raise Refused("You trained one of the candidates, so you cannot vote here.")
        for stale in study.ballots.stale().filter(voter=voter):
            stale.expire()
        held = study.ballots.filter(voter=voter, state=Ballot.State.ISSUED).first()
        return held or _issue(study, voter)


def _issue(study: Study, voter: User) -> Ballot:
    votes = ledger.counted(study)
    ordinary = replay.standing([vote.record for vote in votes])
    positions = [str(position) for position in range(len(study.plan["candidates"]))]
    judged = ledger.judgements(votes, positions)
    contest = hold_contest(judged, positions, study.alpha, BAND)
    if contest.decided or len(ordinary) >= study.cap:
        raise Refused(ENOUGH)
    control = controls.draw(study, voter)
    if control is not None:
        return Ballot.objects.create(study=study, voter=voter, **control)
    pair = _choose_pair(study, judged, contest)
    slots = list(pair)
    secrets.SystemRandom().shuffle(slots)
    photo = _choose_photo(study, voter, pair)
    return Ballot.objects.create(study=study, voter=voter, photo=photo, slots=slots)


def _choose_pair(study: Study, judged: list[Judgement], contest: Contest) -> Pair:
    """Round robin first, in an order from the study's seed; then top-two Thompson."""
    models = len(contest.names)
    usable = _pairs_that_differ(study, models)
    alive = [contest.names.index(name) for name in contest.alive]
    issued = study.ballots.filter(kind=Ballot.Kind.ORDINARY).count()
    opening = shuffled_pairs(list(range(models)), np.random.default_rng(study.seed))[issued:]
    rule = PairRule(models, np.random.default_rng(secrets.randbits(128)), opening=opening)
    rule.refresh(*_wins_and_ties(judged[: len(judged) // REFRESH * REFRESH], models))
    for _ in range(200):
        first, second = sorted(rule.next_pair(alive))
        if (first, second) in usable:
            return first, second
    raise Refused(
        "The candidates left give equal pictures everywhere: there is nothing to vote on."
    )


def _wins_and_ties(judged: list[Judgement], models: int) -> tuple[Any, Any]:
    wins, ties = np.zeros((models, models)), np.zeros((models, models))
    for judgement in judged:
        if judgement.winner is not None:
            for loser in judgement.losers:
                wins[int(judgement.winner), int(loser)] += 1
        elif judgement.outcome == EQUAL:
            first, second = map(int, judgement.shown)
            ties[first, second] += 1
            ties[second, first] += 1
    return wins, ties


def _pixels(study: Study) -> dict[Any, dict[int, str]]:
    """Photo to candidate position to the digest of its pixels."""
    found: dict[Any, dict[int, str]] = {}
    copies = study.blind_copies.outputs()
    for photo, position, digest in copies.values_list(
        "photo_id", "candidate__position", "pixels_sha256"
    ):
        found.setdefault(photo, {})[position] = digest
    return found


def _pairs_that_differ(study: Study, models: int) -> set[Pair]:
    """Pairs with at least one photo on which anybody could tell them apart."""
    return {
        (i, j)
        for pixels in _pixels(study).values()
        for i in range(models)
        for j in range(i + 1, models)
        if pixels[i] != pixels[j]
    }


def _choose_photo(study: Study, voter: User, pair: Pair) -> Photo:
    """Uniform over photos where the two differ, away from what she has just seen."""
    differing = [
        photo for photo, pixels in _pixels(study).items() if pixels[pair[0]] != pixels[pair[1]]
    ]
    recent = study.ballots.filter(voter=voter).order_by("-issued_at")
    seen = list(recent.values_list("photo_id", flat=True)[: min(APART, len(differing) - 1)])
    fresh = [photo for photo in differing if photo not in seen]
    return Photo.objects.get(pk=secrets.choice(sorted(fresh or differing)))


def cast_vote(
    *,
    ballot: Ballot,
    voter: User,
    outcome: str,
    reasons: list[str] | None = None,
    seconds: float | None = None,
) -> Vote:
    """Writes the vote at the end of the study's chain. The same vote twice is one vote."""
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=ballot.study_id)
        ballot.refresh_from_db()
        if ballot.state == Ballot.State.CAST:
            return _same_again(ballot, outcome)
        if not study.is_open:
            raise Refused(CLOSED)
        if not ballot.cast():
            raise Refused("This ballot has expired; the next one is waiting.")
        return _append(
            study=study,
            ballot=ballot,
            pseudonym=study.pseudonym(voter),
            outcome=outcome,
            reasons=reasons or [],
            seconds=seconds,
        )


def _same_again(ballot: Ballot, outcome: str) -> Vote:
    standing: Vote = ballot.votes.standing().get()
    if standing.outcome != outcome:
        raise Refused("This ballot has been cast with another answer; take it back first.")
    return standing


def take_back(*, ballot: Ballot, voter: User) -> Ballot:
    """Within ten seconds, and until the next vote: the ballot is hers again."""
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=ballot.study_id)
        if not study.is_open:
            raise Refused(CLOSED)
        pseudonym = study.pseudonym(voter)
        mine = study.votes.standing().filter(voter_pseudonym=pseudonym)
        latest = mine.order_by("-sequence").first()
        if latest is None or latest.ballot_id != ballot.pk or latest.undo_ends < timezone.now():
            raise Refused("This vote can no longer be taken back.")
        if not ballot.reopen():
            raise Refused("This vote can no longer be taken back.")
        _append(
            study=study,
            ballot=ballot,
            pseudonym=pseudonym,
            outcome=Vote.Outcome.UNDO,
            reasons=[],
            seconds=None,
            supersedes=latest,
        )
    return ballot


def _append(
    *,
    study: Study,
    ballot: Ballot,
    pseudonym: str,
    outcome: str,
    reasons: list[str],
    seconds: float | None,
    supersedes: Vote | None = None,
) -> Vote:
    """One row more, under a compare-and-set of the chain's end."""
    sequence = study.votes.count() + 1
    now = timezone.now()
    record = _record(study, ballot, outcome, now) | {
        "sequence": sequence,
        "voter": pseudonym,
        "reasons": reasons,
        "seconds": None if seconds is None else round(seconds, 3),
        "supersedes": None if supersedes is None else supersedes.sequence,
    }
    found = replay.link(study.last_hash, record)
    chain = Study.objects.filter(pk=study.pk, state=Study.State.OPEN, last_hash=study.last_hash)
    if chain.update(last_hash=found) != 1:
        raise Refused("Another vote came in between; please vote again.")
    vote: Vote = Vote.objects.create(
        study=study,
        ballot=ballot,
        supersedes=supersedes,
        sequence=sequence,
        outcome=outcome,
        reasons=reasons,
        seconds=seconds,
        voter_pseudonym=pseudonym,
        record=record,
        previous_hash=study.last_hash,
        hash=found,
        cast_at=now,
    )
    return vote


def _record(study: Study, ballot: Ballot, outcome: str, now: datetime) -> dict[str, Any]:
    copies = study.blind_copies.filter(photo=ballot.photo_id)
    category = next(
        photo["category"] for photo in study.plan["photos"] if photo["id"] == str(ballot.photo_id)
    )
    return {
        "study": study.digest,
        "ballot": str(ballot.pk),
        "issued_at": ballot.issued_at.isoformat(),
        "cast_at": now.isoformat(),
        "photo": str(ballot.photo_id),
        "category": category,
        "slots": ballot.slots,
        "outputs": [copies.in_slot(position).get().pixels_sha256 for position in ballot.slots],
        "kind": str(ballot.kind),
        "repeats": None if ballot.repeats_id is None else str(ballot.repeats_id),
        "outcome": str(outcome),
        "rule": study.plan["pair_rule"],
    }
