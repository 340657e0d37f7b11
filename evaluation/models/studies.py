"""A study, its candidates, and the blind copies of what they made."""

import hashlib
import hmac
import secrets
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job
from photos.models import Photo, blob_key
from pipeline.models import Rendition
from training.models import ModelVersion, Stage

if TYPE_CHECKING:
    from evaluation.models.ballots import Ballot

DEGRADED = -1  # stands in a ballot's slots for the degraded copy
LESSON = -2  # the same for the degraded copy of a training ballot


def new_token() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


def new_seed() -> int:
    return secrets.randbits(62)


class StudyQuerySet(models.QuerySet["Study"]):
    def open(self) -> Self:
        return self.filter(state=Study.State.OPEN)

    def authored_by(self, user: User) -> Self:
        """Whoever trained a candidate, or says she had a part in one, knows her own work."""
        trained = models.Q(candidates__version__run__created_by=user)
        told = models.Q(candidates__isnull=False, conflicts__user=user)
        return self.filter(trained | told).distinct()

    def locked(self, pk: uuid.UUID) -> "Study":
        """The row as it is now, against votes and other locks until the transaction ends.

        Ballots and votes that point at it need not wait: the key is left out of the lock.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


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
    stage = models.CharField(
        max_length=20, choices=Stage, blank=True, help_text="Empty: a free study of picture sets."
    )
    takes_files = models.BooleanField(
        db_default=False, default=False, help_text="Pictures made elsewhere stand in it too."
    )
    question = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    alpha = models.FloatField(default=0.05)
    cap = models.PositiveIntegerField(default=1500)
    ballot_size = models.PositiveSmallIntegerField(default=2, help_text="Pictures on a ballot.")
    training = models.BooleanField(default=True, help_text="Voters practise before they vote.")
    weights = models.JSONField(default=dict, help_text="Weight by category; empty: by photos.")
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

    @property
    def is_free(self) -> bool:
        """It rates picture sets of any origin: no production, nothing to promote."""
        return not self.stage

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
        return Study.objects.filter(pk=self.pk).authored_by(user).exists()


class Candidate(models.Model):
    """A model version standing in one study, or a rival whose pictures came as files."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="candidates")
    version = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="candidacies"
    )
    rival = models.OneToOneField(
        "Rival", null=True, on_delete=models.CASCADE, related_name="candidate"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "version"], name="a_version_once_a_study"),
            models.CheckConstraint(
                condition=models.Q(version__isnull=False, rival__isnull=True)
                | models.Q(version__isnull=True, rival__isnull=False),
                name="a_version_or_a_rival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} in {self.study}"

    @property
    def title(self) -> str:
        """What admins call it."""
        return str(self.version or self.rival)

    @property
    def digest(self) -> str:
        """Of its weights, or of all its pictures."""
        if self.version is not None:
            return self.version.weights_sha256
        return "" if self.rival is None else self.rival.digest


class BlindCopyQuerySet(models.QuerySet["BlindCopy"]):
    def outputs(self) -> Self:
        """What candidates made, without the original and without spoilt copies."""
        return self.exclude(candidate=None).filter(degraded=False)

    def of_ballot(self, ballot: "Ballot") -> Self:
        """Every copy of the ballot's photo, with what tells its place and its file."""
        rows = self.filter(study=ballot.study_id, photo=ballot.photo_id)
        return rows.select_related("image", "candidate")


class BlindCopy(models.Model):
    """Pixels of one output (or of the damaged original), encoded without a trace of the maker.

    The stored file is padded: all copies of a photo in a study have one length.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="blind_copies")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.CASCADE, related_name="+")
    rendition = models.ForeignKey(Rendition, null=True, on_delete=models.PROTECT, related_name="+")
    degraded = models.BooleanField(default=False, help_text="Spoilt on purpose, for gold ballots.")
    lesson = models.BooleanField(default=False, help_text="Spoilt for the training round.")
    flaw = models.CharField(max_length=20, blank=True, help_text="How it was spoilt.")
    image = blob_key(help_text="PNG, 8-bit RGB, padded with zeros")
    pixels_sha256 = models.CharField(max_length=64)
    figures = models.JSONField(
        null=True, help_text="What of the sound picture it changed, and its luma's drift."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    objects = BlindCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "blind copies"
        constraints = [
            models.UniqueConstraint(
                fields=["study", "photo", "candidate", "degraded", "lesson"], name="a_copy_once"
            ),
            models.UniqueConstraint(
                fields=["study", "photo"],
                condition=models.Q(candidate=None),
                name="an_original_once",
            ),
        ]

    def __str__(self) -> str:
        return f"blind copy {self.pk}"

    @property
    def place(self) -> int | None:
        """What a ballot's slots call it; None for the damaged original."""
        if self.degraded:
            return LESSON if self.lesson else DEGRADED
        return self.candidate.position if self.candidate else None
