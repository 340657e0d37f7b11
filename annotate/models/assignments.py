"""Who paints which photo, and until when."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models.suggestions import Suggestion
from config.web.prepared_queries import Find, Given
from photos.models.photos import OfPhotoQuerySet, Origin, Photo


class AssignmentQuerySet(OfPhotoQuerySet["Assignment"]):
    def open(self) -> Self:
        return self.filter(state=Assignment.State.OPEN)

    def taking_places(self) -> Self:
        return self.exclude(purpose__in=CHECKED)

    def to_go_on_with(self, person: models.Model) -> Self:
        """What this person paints, got back from a reviewer, or left while nobody took it."""
        left = models.Q(
            state=Assignment.State.EXPIRED,
            purpose=Purpose.WORK,
            mask__state="draft",
            photo__state=Photo.State.READY,
        )
        open_or_left = models.Q(state=Assignment.State.OPEN) | left
        return (
            self.filter(open_or_left | models.Q(mask__state="returned"), assessor=person)
            .exclude(photo__origin=Origin.VISITOR, photo__training_allowed=False)
            .exclude(purpose=Purpose.PRACTICE)
            .select_related("mask")
        )

    def unfinished(self, person: models.Model) -> Self:
        """Whatever this person began or got back and has not handed in; an ended lease too."""
        begun = models.Q(state__in=[Assignment.State.OPEN, Assignment.State.EXPIRED])
        draft = begun & models.Q(mask__state="draft")
        return self.filter(draft | models.Q(mask__state="returned"), assessor=person)

    def lease_ended(self) -> Self:
        return self.open().filter(lease_until__lt=Now())


class Purpose(models.TextChoices):
    """Why somebody paints a photo; only work and repairs take one of its places."""

    WORK = "work", "a mask is wanted"
    REPAIR = "repair", "a reviewer mends a mask"
    HONEYPOT = "honeypot", "the true mask is known"
    PRACTICE = "practice", "to learn"


CHECKED = (Purpose.HONEYPOT, Purpose.PRACTICE)


class Assignment(models.Model):
    """A person, a photo, a lease.

    OPEN -> SUBMITTED | SKIPPED | RELEASED | EXPIRED
    SUBMITTED -> OPEN when the reviewer returned the mask
    EXPIRED -> OPEN when the same person comes back and the photo is still free
    """

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
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.WORK)
    truth = models.ForeignKey(
        "annotate.DefectMask",
        null=True,
        on_delete=models.SET_NULL,
        related_name="tests",
        help_text="What a honeypot's mask is compared with.",
    )
    lease_until = models.DateTimeField()
    with_suggestion = models.BooleanField(
        default=True, help_text="Drawn when created; the others are the control group."
    )
    suggestion = models.ForeignKey(
        Suggestion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    skip_reason = models.CharField(max_length=200, blank=True)
    passes_draft_on = models.BooleanField(
        default=False, help_text="Handed back with its draft for whoever comes next."
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["photo", "state", "assessor"]),
        ]
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
    def lease_end() -> Any:
        return Now() + timedelta(minutes=settings.ASSIGNMENT_LEASE_MINUTES)

    def _move(self, *before: State, after: State, **more: Any) -> bool:
        rows = Assignment.objects.filter(pk=self.pk, state__in=before)
        if rows.update(state=after, **more) != 1:
            return False
        self.refresh_from_db(fields=["state", *more])
        return True

    def is_held(self) -> bool:
        """Inside a transaction: nobody ends the lease before it does; most of it is left.

        Every save asks. To extend the lease each time would write an entry of every index anew.
        """
        most = timedelta(minutes=settings.ASSIGNMENT_LEASE_MINUTES) * 29 / 30
        return bool(HELD(pk=self.pk, most=most))

    def renew(self) -> bool:
        """Extends the lease; False when it is no longer held. No row is read."""
        rows = Assignment.objects.filter(pk=self.pk, state=self.State.OPEN)
        return rows.update(lease_until=self.lease_end()) == 1

    def reopen(self) -> bool:
        """Back to its painter: a returned mask, or a lease that ended while she was away."""
        before = (self.State.SUBMITTED, self.State.EXPIRED)
        return self._move(*before, after=self.State.OPEN, lease_until=self.lease_end())

    def submit(self) -> bool:
        return self._move(self.State.OPEN, after=self.State.SUBMITTED)

    def skip(self, reason: str) -> bool:
        return self._move(self.State.OPEN, after=self.State.SKIPPED, skip_reason=reason[:200])

    def release(self, *, passes_draft_on: bool) -> bool:
        return self._move(
            self.State.OPEN, after=self.State.RELEASED, passes_draft_on=passes_draft_on
        )

    def leave(self) -> bool:
        """Its painter does not come back: the draft, if it counts, is for whoever comes next."""
        before = (self.State.OPEN, self.State.EXPIRED, self.State.SUBMITTED)
        passes = self.purpose not in CHECKED
        return self._move(*before, after=self.State.RELEASED, passes_draft_on=passes)

    def pin_suggestion(self, suggestion: Suggestion) -> bool:
        """What the painter was shown stays what she is shown."""
        row = Assignment.objects.filter(pk=self.pk, with_suggestion=True, suggestion=None)
        if row.update(suggestion=suggestion) != 1:
            return False
        self.suggestion = suggestion
        return True


def _held() -> models.QuerySet[Assignment, tuple[uuid.UUID]]:
    open_ = Assignment.objects.open().filter(pk=Given("pk", models.UUIDField()))
    held = open_.filter(lease_until__gt=Now() + Given("most", models.DurationField()))
    return held.select_for_update(no_key=True).order_by().values_list("pk")


HELD = Find(_held)
