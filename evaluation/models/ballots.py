"""What was shown (ballot) and what was chosen (vote)."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from evaluation.models.studies import Study, new_token
from photos.models import Photo

UNDO_SECONDS = 10
BALLOT_MINUTES = 30


class Ballot(models.Model):
    """What was shown, in what order.

    ISSUED -> CAST | EXPIRED | VOID
    CAST -> ISSUED when the voter takes her vote back in time
    """

    class State(models.TextChoices):
        ISSUED = "issued", "issued"
        CAST = "cast", "cast"
        EXPIRED = "expired", "expired"
        VOID = "void", "void"

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "counts"
        GOLD = "gold", "has a right answer"
        REPEAT = "repeat", "was shown before"
        SECOND = "second", "another voter's pair and photo"
        TRAINING = "training", "practice with an answer"
        AUTOMATIC = "automatic", "equal pictures, never shown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="ballots")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ballots"
    )
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ORDINARY)
    repeats = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    slots = models.JSONField(help_text="Candidate positions in the order shown.")
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["issued_at"]
        indexes = [models.Index(fields=["study", "voter", "state"])]

    def __str__(self) -> str:
        return f"ballot {self.token[:6]}"

    @property
    def is_stale(self) -> bool:
        """Lay too long with somebody who went away."""
        return self.issued_at < timezone.now() - timedelta(minutes=BALLOT_MINUTES)

    def _move(self, old: str, new: str) -> bool:
        moved = Ballot.objects.filter(pk=self.pk, state=old).update(state=new) == 1
        if moved:
            self.state = new
        return moved

    def cast(self) -> bool:
        return self._move(self.State.ISSUED, self.State.CAST)

    def reopen(self) -> bool:
        return self._move(self.State.CAST, self.State.ISSUED)

    def expire(self) -> bool:
        return self._move(self.State.ISSUED, self.State.EXPIRED)


NAMES_OF_KINDS: dict[str, str] = {
    Ballot.Kind.ORDINARY: "ordinary",
    Ballot.Kind.SECOND: "second looks",
    Ballot.Kind.GOLD: "control",
    Ballot.Kind.REPEAT: "control",
    Ballot.Kind.TRAINING: "practice",
    Ballot.Kind.AUTOMATIC: "equal pictures",
}


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> Self:
        """Votes that were not taken back, without the rows that took one back."""
        return self.filter(superseded_by=None).exclude(outcome=Vote.Outcome.UNDO)

    def ordinary(self) -> Self:
        """Standing votes that count towards the cap and move the evidence."""
        return self.standing().filter(ballot__kind=Ballot.Kind.ORDINARY)

    def by_name(self) -> dict[str, int]:
        """How many stand, by the names they go by everywhere; `control` is gold and repeats."""
        kinds = self.standing().order_by().values_list("ballot__kind")
        counts = dict.fromkeys(dict.fromkeys(NAMES_OF_KINDS.values()), 0)
        for kind, count in kinds.annotate(models.Count("pk")):
            counts[NAMES_OF_KINDS[kind]] += count
        return counts


class AppendOnlyManager(models.Manager.from_queryset(VoteQuerySet)):  # type: ignore[misc]
    """A database trigger refuses updates as well; the chain tells any change."""

    def update(self, **_: object) -> int:
        raise TypeError("votes are append-only")

    def delete(self) -> int:
        raise TypeError("votes are append-only")


class Vote(models.Model):
    """What was chosen: append-only and hash-chained within its study."""

    class Outcome(models.TextChoices):
        LEFT = "left", "left is better"
        RIGHT = "right", "right is better"
        EQUAL = "equal", "equal"
        BOTH_BAD = "both_bad", "both bad"
        FIRST = "1", "image 1 is best"
        SECOND = "2", "image 2 is best"
        THIRD = "3", "image 3 is best"
        FOURTH = "4", "image 4 is best"
        FIFTH = "5", "image 5 is best"
        SIXTH = "6", "image 6 is best"
        NONE = "none", "none acceptable"
        SKIP = "skip", "cannot judge"
        RECOGNISED = "recognised", "I recognise this model"
        UNDO = "undo", "taken back"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="votes")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    sequence = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.JSONField(default=list)
    seconds = models.FloatField(null=True, help_text="How long both pictures were visible.")
    voter_pseudonym = models.CharField(max_length=64)
    record = models.JSONField(help_text="What the hash covers, beside the hash before.")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    cast_at = models.DateTimeField()

    objects = AppendOnlyManager()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["study", "sequence"], name="one_vote_a_place")
        ]
        indexes = [models.Index(fields=["study", "voter_pseudonym", "sequence"])]

    def __str__(self) -> str:
        return f"vote {self.sequence} of {self.study}"

    @property
    def undo_ends(self) -> datetime:
        return self.cast_at + timedelta(seconds=UNDO_SECONDS)
