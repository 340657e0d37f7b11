"""A study, its candidates, what was shown (ballot) and what was chosen (vote)."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from annotate.models import Photo, blob_key
from jobs.models import Job
from pipeline.models import Rendition
from training.models import ModelVersion, Stage

UNDO_SECONDS = 10
BALLOT_MINUTES = 30
DEGRADED = -1  # stands in a ballot's slots for the degraded copy


def new_token() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


def new_seed() -> int:
    return secrets.randbits(62)


class StudyQuerySet(models.QuerySet["Study"]):
    def open(self) -> Self:
        return self.filter(state=Study.State.OPEN)


class Study(models.Model):
    """One question about one stage.

    DRAFT -> PREPARING -> OPEN -> CLOSED
    PREPARING -> DRAFT when making the pictures failed
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PREPARING = "preparing", "making the pictures"
        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    stage = models.CharField(max_length=20, choices=Stage)
    question = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    alpha = models.FloatField(default=0.05)
    cap = models.PositiveIntegerField(default=1500)
    seed = models.BigIntegerField(default=new_seed)
    key = models.CharField(max_length=32, default=new_token, editable=False)
    photos: "models.ManyToManyField[Photo, models.Model]" = models.ManyToManyField(
        Photo, related_name="studies"
    )
    plan = models.JSONField(default=dict, help_text="Frozen at opening.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the plan.")
    last_hash = models.CharField(max_length=64, blank=True, help_text="End of the vote chain.")
    decision = models.JSONField(default=dict)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="studies")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"Study {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def _move(self, old: str, new: str, **more: object) -> bool:
        moved = Study.objects.filter(pk=self.pk, state=old).update(state=new, **more) == 1
        if moved:
            self.refresh_from_db()
        return moved

    def prepare(self) -> bool:
        return self._move(self.State.DRAFT, self.State.PREPARING)

    def back_to_draft(self) -> bool:
        return self._move(self.State.PREPARING, self.State.DRAFT)

    def open(self, *, plan: dict[str, object], digest: str) -> bool:
        return self._move(
            self.State.PREPARING,
            self.State.OPEN,
            plan=plan,
            digest=digest,
            last_hash=digest,
            opened_at=timezone.now(),
        )

    def close(self, decision: dict[str, object]) -> bool:
        return self._move(
            self.State.OPEN, self.State.CLOSED, decision=decision, closed_at=timezone.now()
        )

    def pseudonym(self, user: User) -> str:
        """The voter's name in votes and exports: stable in this study, unlinkable to others."""
        return hmac.new(self.key.encode(), str(user.pk).encode(), hashlib.sha256).hexdigest()[:32]

    def has_author(self, user: User) -> bool:
        """Whoever trained a candidate would recognise her own work."""
        return self.candidates.filter(version__run__created_by=user).exists()


class Candidate(models.Model):
    """A model version standing in one study."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="candidates")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="candidacies")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "version"], name="a_version_once_a_study")
        ]

    def __str__(self) -> str:
        return f"{self.version} in {self.study}"


class BlindCopyQuerySet(models.QuerySet["BlindCopy"]):
    def outputs(self) -> Self:
        """What candidates made, without the original and without spoilt copies."""
        return self.exclude(candidate=None).filter(degraded=False)

    def in_slot(self, position: int) -> Self:
        if position == DEGRADED:
            return self.filter(degraded=True)
        return self.outputs().filter(candidate__position=position)


class BlindCopy(models.Model):
    """Pixels of one output (or of the damaged original), encoded without a trace of the maker.

    The stored file is padded: all copies of a photo in a study have one length.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="blind_copies")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.CASCADE, related_name="+")
    rendition = models.ForeignKey(Rendition, null=True, on_delete=models.PROTECT, related_name="+")
    degraded = models.BooleanField(default=False, help_text="Spoilt on purpose, for gold ballots.")
    image = blob_key(help_text="PNG, 8-bit RGB, padded with zeros")
    pixels_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    objects = BlindCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "blind copies"
        constraints = [
            models.UniqueConstraint(
                fields=["study", "photo", "candidate", "degraded"], name="a_copy_once"
            ),
            models.UniqueConstraint(
                fields=["study", "photo"],
                condition=models.Q(candidate=None),
                name="an_original_once",
            ),
        ]

    def __str__(self) -> str:
        return f"blind copy {self.pk}"


class BallotQuerySet(models.QuerySet["Ballot"]):
    def stale(self) -> Self:
        limit = timezone.now() - timedelta(minutes=BALLOT_MINUTES)
        return self.filter(state=Ballot.State.ISSUED, issued_at__lt=limit)


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

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["issued_at"]
        indexes = [models.Index(fields=["study", "voter", "state"])]

    def __str__(self) -> str:
        return f"ballot {self.token[:6]}"

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


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> Self:
        """Votes that were not taken back, without the rows that took one back."""
        return self.filter(superseded_by=None).exclude(outcome=Vote.Outcome.UNDO)


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

    def __str__(self) -> str:
        return f"vote {self.sequence} of {self.study}"

    @property
    def undo_ends(self) -> datetime:
        return self.cast_at + timedelta(seconds=UNDO_SECONDS)


class Peek(models.Model):
    """Somebody looked at interim results; listed on the result page."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="peeks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    votes = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.user} looked at {self.study}"
