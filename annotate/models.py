"""Photos, masks, who paints what, who checked it."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now


class Blob(models.Model):
    """A file named by the SHA-256 of its bytes; written before any row refers to it."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.media_type})"


def blob_key(help_text: str = "") -> "models.ForeignKey[Blob | None, Blob | None]":
    """A reference to a derived file: optional, and never the reason a blob disappears."""
    return models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=help_text
    )


class Origin(models.TextChoices):
    IMPORT = "import", "imported by staff"
    VISITOR = "visitor", "uploaded by a visitor"
    DEMO = "demo", "demo content"


class PhotoQuerySet(models.QuerySet["Photo"]):
    def ready(self) -> Self:
        return self.filter(state=Photo.State.READY)

    def visible_to(self, user: User) -> Self:
        """Staff roles see the lab's photos; a visitor's photo only when its owner allowed it."""
        return self.filter(
            models.Q(origin__in=[Origin.IMPORT, Origin.DEMO]) | models.Q(training_allowed=True)
        )

    def for_labelling(self) -> Self:
        return self.ready().filter(wants_mask=True)


class Photo(models.Model):
    """A scan. RECEIVED -> READY | REFUSED (decoding decides, in a worker)."""

    class State(models.TextChoices):
        RECEIVED = "received", "being read"
        READY = "ready", "ready"
        REFUSED = "refused", "refused"
        ERASED = "erased", "erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.IMPORT)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    reason = models.TextField(blank=True, help_text="Why it was refused, in a sentence.")
    original = blob_key()
    working = blob_key(help_text="Canonical image: oriented, sRGB, 16 bits kept (PNG).")
    preview = blob_key(help_text="JPEG, long side at most 1600 px.")
    thumbnail = blob_key(help_text="JPEG, long side at most 320 px.")
    cost_map = blob_key(help_text="8-bit ridge cost for the tracer (PNG).")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bits = models.PositiveSmallIntegerField(default=8)
    is_grey = models.BooleanField(default=False)
    transform = models.JSONField(default=dict, help_text="How the working image came about.")
    album = models.CharField(max_length=120, blank=True, help_text="Splits keep albums together.")
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    training_allowed = models.BooleanField(default=False)
    wants_mask = models.BooleanField(default=False)
    true_mask = blob_key(help_text="Known damage of a synthetic photo (mask tiles).")
    priority = models.FloatField(default=0.0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["wants_mask", "state", "-priority"])]

    def __str__(self) -> str:
        return self.title

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 2**20


class Assignment(models.Model):
    """A person, a photo, a lease. OPEN -> SUBMITTED | SKIPPED | RELEASED | EXPIRED."""

    class State(models.TextChoices):
        OPEN = "open", "being painted"
        SUBMITTED = "submitted", "submitted"
        SKIPPED = "skipped", "skipped"
        RELEASED = "released", "handed back"
        EXPIRED = "expired", "lease ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="assignments")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    lease_until = models.DateTimeField()
    with_suggestion = models.BooleanField(default=True)
    skip_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "assessor"],
                condition=models.Q(state="open"),
                name="one_open_assignment_a_person_and_photo",
            )
        ]

    def __str__(self) -> str:
        return f"{self.photo} by {self.assessor}"

    @staticmethod
    def lease_end() -> object:
        return Now() + timedelta(minutes=settings.ASSIGNMENT_LEASE_MINUTES)


class DefectMask(models.Model):
    """One revision chain of a mask. DRAFT -> SUBMITTED -> ACCEPTED | RETURNED (-> DRAFT again)."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SUBMITTED = "submitted", "waiting for review"
        ACCEPTED = "accepted", "accepted"
        RETURNED = "returned", "returned"

    class Origin(models.TextChoices):
        PAINTED = "painted", "painted"
        SUGGESTED = "suggested", "painted from a suggestion"
        IMPORTED = "imported", "imported"
        SYNTHETIC = "synthetic", "known from synthesis"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="masks")
    assignment = models.OneToOneField(
        Assignment, null=True, on_delete=models.SET_NULL, related_name="mask"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="masks"
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children"
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PAINTED)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the raw bytes.")
    tiles = blob_key(help_text="All tiles that are not empty, in the painter's format.")
    active_seconds = models.FloatField(default=0.0)
    tools = models.JSONField(default=dict)
    seen_tiles = models.JSONField(default=list)
    suggestion_weights = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "-created_at"])]

    def __str__(self) -> str:
        return f"mask of {self.photo} ({self.get_state_display()})"


class StrokeDelta(models.Model):
    """What one save changed: append-only, so that a repeated request is recognised."""

    mask = models.ForeignKey(DefectMask, on_delete=models.CASCADE, related_name="deltas")
    revision = models.PositiveIntegerField()
    tiles = blob_key()
    client = models.CharField(max_length=64)
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mask", "revision"], name="one_delta_a_revision"),
            models.UniqueConstraint(fields=["mask", "client", "last_seq"], name="a_save_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.mask_id}"


class Suggestion(models.Model):
    """A network's probability map over a photo, by named weights; written by pipeline."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="suggestions")
    weights = models.CharField(max_length=64)
    probability = blob_key(help_text="8-bit PNG, 255 times the probability of any defect.")
    threshold = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "weights"], name="one_suggestion_a_weights")
        ]

    def __str__(self) -> str:
        return f"suggestion for {self.photo}"


class Review(models.Model):
    """Accepted or returned, by whom, with what words and marks."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        RETURNED = "returned", "returned"

    mask = models.ForeignKey(DefectMask, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reviews"
    )
    verdict = models.CharField(max_length=10, choices=Verdict)
    revision = models.PositiveIntegerField()
    comment = models.TextField(blank=True)
    marks = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.reviewer}"
