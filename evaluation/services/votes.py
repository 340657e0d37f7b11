"""Cast a vote, take it back: every answer becomes a row at the end of the study's chain."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.errors import Refused
from evaluation.models import Ballot, Study, Vote
from evaluation.services import guests, vote_log
from evaluation.services.ballots import CLOSED, ENOUGH, next_ballot

__all__ = ["CLOSED", "ENOUGH", "REASONS", "cast_vote", "next_ballot", "outcomes_of"]
MIN_VIEW_SECONDS = 1.0  # seconds that all pictures must have been visible
REASONS = {
    "b": "bleeding colours",
    "w": "wrong skin or uniform colour",
    "d": "dull",
    "p": "colour patches",
    "e": "smeared face",
    "l": "lost detail",
    "i": "invented detail",
    "v": "visible seam",
    "k": "defect left",
    "o": "over-smoothed",
}
PAIR = ("left", "right", "equal", "both_bad")
ASIDE = ("skip", "recognised")


def outcomes_of(ballot: Ballot) -> tuple[str, ...]:
    """What may be answered to this ballot."""
    shown = len(ballot.slots)
    if shown == 2:
        return (*PAIR, *ASIDE)
    return (*(str(place) for place in range(1, shown + 1)), "none", *ASIDE)


def cast_vote(
    *,
    ballot: Ballot,
    voter: User,
    outcome: str,
    reasons: list[str] | None = None,
    seconds: float | None = None,
    screen: Mapping[str, Any] | None = None,
) -> Vote:
    """Writes the vote at the end of the study's chain. The same vote twice is one vote.

    `screen` is what the page tells of itself: viewport, and how often it lost the focus.
    """
    if outcome not in outcomes_of(ballot):
        raise Refused(f"This ballot takes {', '.join(outcomes_of(ballot))}, not {outcome}.")
    if seconds is not None and seconds < MIN_VIEW_SECONDS:
        raise Refused("Look at the pictures for a second before you decide.")
    outputs = vote_log.shown(ballot)  # never changes: read before others have to wait
    with transaction.atomic():
        study = Study.objects.locked(ballot.study_id)
        guests.check(study, voter)
        if not study.is_open or not ballot.cast():
            ballot.refresh_from_db()
            if ballot.state == Ballot.State.CAST:
                return _same_again(ballot, outcome)
            if not study.is_open:
                raise Refused(CLOSED)
            raise Refused("This ballot has expired; the next one is waiting.")
        return vote_log.append(
            study=study,
            outputs=outputs,
            ballot=ballot,
            pseudonym=study.pseudonym(voter),
            outcome=outcome,
            reasons=reasons or [],
            seconds=seconds,
            screen=screen,
        )


def _same_again(ballot: Ballot, outcome: str) -> Vote:
    standing: Vote = ballot.votes.standing().get()
    if standing.outcome != outcome:
        raise Refused("This ballot has been cast with another answer; take it back first.")
    return standing


def take_back(*, ballot: Ballot, voter: User) -> Ballot:
    """Within ten seconds, and until the next vote: the ballot is hers again."""
    with transaction.atomic():
        study = Study.objects.locked(ballot.study_id)
        if not study.is_open:
            raise Refused(CLOSED)
        guests.check(study, voter)
        pseudonym = study.pseudonym(voter)
        mine = study.votes.standing().filter(voter_pseudonym=pseudonym)
        latest = mine.order_by("-sequence").first()
        if ballot.kind == Ballot.Kind.TRAINING:
            raise Refused("Practice is not taken back: its answer has been told.")
        if latest is None or latest.ballot_id != ballot.pk or latest.undo_ends < timezone.now():
            raise Refused("This vote can no longer be taken back.")
        if not ballot.reopen():
            raise Refused("This vote can no longer be taken back.")
        vote_log.append(
            study=study,
            ballot=ballot,
            pseudonym=pseudonym,
            outcome=Vote.Outcome.UNDO,
            supersedes=latest,
        )
    return ballot
