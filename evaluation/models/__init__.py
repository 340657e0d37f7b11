"""Rows of this room: studies, ballots and votes, and what people declare around them."""

from evaluation.models.ballots import (
    BALLOT_MINUTES,
    UNDO_SECONDS,
    AppendOnlyManager,
    Ballot,
    Vote,
    VoteQuerySet,
)
from evaluation.models.guests import Guest
from evaluation.models.overrides_and_peeks import Checkpoint, ColourCheck, Conflict, Override, Peek
from evaluation.models.rivals import Rival, RivalPicture
from evaluation.models.studies import (
    DEGRADED,
    LESSON,
    BlindCopy,
    BlindCopyQuerySet,
    Candidate,
    Study,
    StudyQuerySet,
    new_seed,
    new_token,
)

__all__ = [
    "BALLOT_MINUTES",
    "DEGRADED",
    "LESSON",
    "UNDO_SECONDS",
    "AppendOnlyManager",
    "Ballot",
    "BlindCopy",
    "BlindCopyQuerySet",
    "Candidate",
    "Checkpoint",
    "ColourCheck",
    "Conflict",
    "Guest",
    "Override",
    "Peek",
    "Rival",
    "RivalPicture",
    "Study",
    "StudyQuerySet",
    "Vote",
    "VoteQuerySet",
    "new_seed",
    "new_token",
]
