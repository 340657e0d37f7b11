"""Gold, repeated ballots and second looks: they tell how steady voters are, and are no evidence.

Gold is an output beside a degraded copy of itself. A repeat is an earlier ballot of the same
voter with its sides swapped. A second look is what another voter has judged. All come at random
and through the same tokens and encoder.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from evaluation.models import DEGRADED, Ballot, Study
from evaluation.statistics.running_state import MANY, Standing

GOLD_EVERY = 12
REPEAT_EVERY = 15
OVERLAP = 0.15  # share of (pair, photo) units that two voters should have judged
SECOND_EVERY = 8
SECOND_AFTER = 30  # units before the share says anything
REPEAT_AFTER = 30  # ballots of the same voter in between


def draw(study: Study, voter: User, standing: Standing) -> dict[str, Any] | None:
    """Fields of a control ballot, or None for an ordinary one."""
    if secrets.randbelow(GOLD_EVERY) == 0 and (gold := _gold(study, standing.alive)) is not None:
        return gold
    if secrets.randbelow(REPEAT_EVERY) == 0 and (again := _repeat(study, voter)) is not None:
        return again
    if standing.overlap < OVERLAP and secrets.randbelow(SECOND_EVERY) == 0:
        return _second(study, voter, standing)
    return None


def _second(study: Study, voter: User, standing: Standing) -> dict[str, Any] | None:
    """A pair on a photo that one other voter has judged: for agreement, never for evidence."""
    me, alive = study.pseudonym(voter), set(standing.alive)
    fitting = [
        (first, second, photo)
        for (first, second, photo), who in standing.units.items()
        if who not in (me, MANY) and {first, second} <= alive
    ]
    recent = study.ballots.filter(voter=voter).order_by("-issued_at")
    seen = {str(pk) for pk in recent.values_list("photo_id", flat=True)[:20]}
    unseen = [unit for unit in fitting if unit[2] not in seen]
    if len(standing.units) < SECOND_AFTER or not unseen:
        return None
    first, second, photo = secrets.choice(unseen)
    slots = [first, second]
    secrets.SystemRandom().shuffle(slots)
    return {"kind": Ballot.Kind.SECOND, "photo_id": photo, "slots": slots}


def _gold(study: Study, alive: Sequence[int] = ()) -> dict[str, Any] | None:
    """An output and its degraded copy, among as many pictures as other ballots show."""
    spoilt = study.blind_copies.filter(degraded=True, lesson=False)
    copies = list(spoilt.select_related("candidate"))
    if not copies:
        return None
    copy = secrets.choice(copies)
    assert copy.candidate is not None  # noqa: S101  a degraded copy is always of an output
    others = [position for position in alive if position != copy.candidate.position]
    more = min(study.ballot_size, len(alive)) - 2
    draw = secrets.SystemRandom()
    slots = [copy.candidate.position, DEGRADED, *draw.sample(others, max(0, more))]
    draw.shuffle(slots)
    return {"kind": Ballot.Kind.GOLD, "photo_id": copy.photo_id, "slots": slots}


def _repeat(study: Study, voter: User) -> dict[str, Any] | None:
    """The earliest ordinary ballot that lies far enough back and was not repeated yet."""
    mine = study.ballots.filter(voter=voter, state=Ballot.State.CAST).order_by("-issued_at")
    old = [ballot for ballot in mine[REPEAT_AFTER:] if ballot.kind == Ballot.Kind.ORDINARY]
    again = set(mine.exclude(repeats=None).values_list("repeats_id", flat=True))
    first = next((ballot for ballot in reversed(old) if ballot.pk not in again), None)
    if first is None:
        return None
    return {
        "kind": Ballot.Kind.REPEAT,
        "photo_id": first.photo_id,
        "slots": first.slots[::-1],
        "repeats": first,
    }
