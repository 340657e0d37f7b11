"""Defect masks and their reviews."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models.assignments import CHECKED, Assignment, Purpose
from annotate.models.imports import Import
from config.web.prepared_queries import Change, Given
from photos.models.files import Blob, blob_key
from photos.models.photos import OfPhotoQuerySet, Photo


class DefectMaskQuerySet(OfPhotoQuerySet["DefectMask"]):
    def waiting_for_review(self) -> Self:
        return self.filter(state=DefectMask.State.SUBMITTED).wanted()

    def handed_in(self) -> Self:
        """What a person finished, whatever became of it; practice does not count."""
        return self.exclude(state=DefectMask.State.DRAFT).exclude(
            assignment__purpose=Purpose.PRACTICE
        )

    def wanted(self) -> Self:
        """Not what was painted to test or to teach its painter."""
        return self.exclude(assignment__purpose__in=CHECKED)

    def accepted(self) -> Self:
        return self.filter(state=DefectMask.State.ACCEPTED)

    def kept_drafts(self) -> Self:
        """Work whose painter lost or gave back the photo, and that nobody went on with."""
        ended = [Assignment.State.EXPIRED, Assignment.State.RELEASED, Assignment.State.SKIPPED]
        return self.wanted().filter(
            state=DefectMask.State.DRAFT,
            revision__gt=0,
            assignment__state__in=ended,
            children=None,
        )

    def passed_on(self) -> Self:
        """Drafts for whoever paints the photo next: handed back, marked by its owner, or imported
        as a start.
        """
        handed_back = self.kept_drafts().filter(assignment__passes_draft_on=True)
        made_elsewhere = [DefectMask.Origin.VISITOR, DefectMask.Origin.IMPORTED]
        return handed_back | self.filter(
            origin__in=made_elsewhere, state=DefectMask.State.DRAFT, assignment=None, children=None
        )

    def beside(self, mask: "DefectMask") -> tuple["DefectMask | None", "DefectMask | None"]:
        """What was handed in just before and just after it, whatever became of that."""
        rows = self.exclude(state=DefectMask.State.DRAFT).wanted().exclude(pk=mask.pk)
        if mask.submitted_at is None:
            return None, None
        before = rows.filter(submitted_at__lte=mask.submitted_at).order_by("-submitted_at", "-pk")
        after = rows.filter(submitted_at__gt=mask.submitted_at).order_by("submitted_at", "pk")
        return before.first(), after.first()


class DefectMask(models.Model):
    """One revision chain of a mask.

    DRAFT -> SUBMITTED -> ACCEPTED | RETURNED
    RETURNED -> DRAFT when its author takes it up again
    DRAFT -> ACCEPTED when a reviewer takes over a draft that was left behind
    """

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
        CONSENSUS = "consensus", "joined from several"
        VISITOR = "visitor", "marked by the photo's owner"

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
    sources = models.ManyToManyField(
        "self", symmetrical=False, related_name="joined_in", help_text="Of a consensus."
    )
    is_honeypot = models.BooleanField(
        default=False, help_text="An accepted mask that others' work is compared with."
    )
    brought = models.ForeignKey(
        Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="masks"
    )
    accepted_because = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Why it counts as accepted without a review here.",
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PAINTED)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the raw bytes.")
    tiles = blob_key(help_text="All tiles that are not empty, in the painter's format.")
    tiles_revision = models.PositiveIntegerField(
        default=0, help_text="The revision that the tiles hold; later deltas come on top."
    )
    active_seconds = models.FloatField(default=0.0)
    tools = models.JSONField(default=dict)
    areas = models.JSONField(default=dict, help_text="Pixels of each class when handed in.")
    seen_tiles = models.JSONField(default=list)
    suggestion_weights = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)

    objects = DefectMaskQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "-created_at"]),
            models.Index(fields=["photo", "state"]),
        ]

    def __str__(self) -> str:
        return f"mask of {self.photo} ({self.get_state_display()})"

    @property
    def is_kept_draft(self) -> bool:
        return DefectMask.objects.kept_drafts().filter(pk=self.pk).exists()

    def _move(self, *before: State, after: State, **more: Any) -> bool:
        """Only the revision that was looked at changes its state."""
        rows = DefectMask.objects.filter(pk=self.pk, state__in=before, revision=self.revision)
        if rows.update(state=after, **more) != 1:
            return False
        self.refresh_from_db()
        return True

    def advance(self, *, base: int, seconds: float) -> bool:
        """The next revision; False when somebody else made it first."""
        if ADVANCE(pk=self.pk, base=base, next=base + 1, seconds=seconds) != 1:
            return False
        self.revision = base + 1
        self.active_seconds += seconds
        return True

    def keep_tiles(self, tiles: Blob) -> bool:
        """All tiles of this revision in one file; no delta has to be read before it."""
        rows = DefectMask.objects.filter(pk=self.pk, revision=self.revision)
        if rows.update(tiles=tiles, tiles_revision=self.revision) != 1:
            return False
        self.tiles, self.tiles_revision = tiles, self.revision
        return True

    def submit(self, **facts: Any) -> bool:
        return self._move(self.State.DRAFT, after=self.State.SUBMITTED, submitted_at=Now(), **facts)

    def accept(self, **facts: Any) -> bool:
        before = (self.State.SUBMITTED, self.State.DRAFT)
        return self._move(*before, after=self.State.ACCEPTED, **facts)

    def be_start(self) -> bool:
        """What was made elsewhere is a draft for whoever paints the photo next."""
        return self._move(self.State.SUBMITTED, after=self.State.DRAFT)

    def send_back(self) -> bool:
        return self._move(self.State.SUBMITTED, after=self.State.RETURNED)

    def take_up(self) -> bool:
        return self._move(self.State.RETURNED, after=self.State.DRAFT)

    def be_honeypot(self, *, on: bool) -> bool:
        """Others are compared with it from now on, or no longer."""
        rows = DefectMask.objects.filter(pk=self.pk)
        if on:
            rows = rows.accepted()
        return rows.update(is_honeypot=on) == 1


ADVANCE = Change(
    lambda: DefectMask.objects.filter(
        pk=Given("pk", models.UUIDField()),
        state=DefectMask.State.DRAFT,
        revision=Given("base", models.IntegerField()),
    ),
    revision=Given("next", models.IntegerField()),
    active_seconds=models.F("active_seconds") + Given("seconds", models.FloatField()),
)


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


class MarkAnswer(models.Model):
    """What the painter says to a mark of a review; the reviewer reads it with the mended mask."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    mark = models.PositiveSmallIntegerField(help_text="Which of the review's marks, from 0.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["mark"]
        constraints = [models.UniqueConstraint(fields=["review", "mark"], name="one_answer_a_mark")]

    def __str__(self) -> str:
        return f"answer to mark {self.mark + 1}"
