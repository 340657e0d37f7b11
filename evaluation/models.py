"""A study, its candidates, what was shown (ballot) and what was chosen (vote)."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models import Photo, blob_key
from pipeline.models import Rendition
from training.models import ModelVersion, Stage


def new_token() -> str:
    return secrets.token_hex(16)


class Study(models.Model):
    """One question about one stage. DRAFT -> PREPARING -> OPEN -> CLOSED."""

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
    seed = models.BigIntegerField(default=0)
    plan = models.JSONField(default=dict, help_text="Frozen at opening; canonical JSON.")
    digest = models.CharField(max_length=64, blank=True)
    last_hash = models.CharField(max_length=64, blank=True)
    vote_count = models.PositiveIntegerField(default=0)
    decision = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"Study {self.number}"


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


class BlindCopy(models.Model):
    """Pixels of one output, re-encoded without any trace of their maker."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="blind_copies")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.CASCADE, related_name="+")
    rendition = models.ForeignKey(Rendition, null=True, on_delete=models.PROTECT, related_name="+")
    image = blob_key()
    pixels_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "photo", "candidate"], name="a_copy_once")
        ]

    def __str__(self) -> str:
        return f"blind copy {self.pk}"


class Ballot(models.Model):
    """What was shown, in what order. ISSUED -> CAST | EXPIRED | VOID."""

    class State(models.TextChoices):
        ISSUED = "issued", "issued"
        CAST = "cast", "cast"
        EXPIRED = "expired", "expired"
        VOID = "void", "void"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="ballots")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ballots"
    )
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    slots = models.JSONField(help_text="Candidate ids in the order shown.")
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["study", "voter", "state"])]

    def __str__(self) -> str:
        return f"ballot {self.token[:6]}"


class Vote(models.Model):
    """What was chosen: append-only and hash-chained within its study."""

    class Outcome(models.TextChoices):
        LEFT = "left", "left is better"
        RIGHT = "right", "right is better"
        EQUAL = "equal", "equal"
        BOTH_BAD = "both_bad", "both bad"
        SKIP = "skip", "cannot judge"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="votes")
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="vote")
    sequence = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.JSONField(default=list)
    seconds = models.FloatField(default=0.0)
    voter_pseudonym = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    cast_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["study", "sequence"], name="one_vote_a_place")
        ]

    def __str__(self) -> str:
        return f"vote {self.sequence} of {self.study}"
