"""What the owner of a restoration says about it, and what of it may hang in the gallery."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from jobs.models import State
from pipeline.models.restorations import Restoration


class Reason(models.TextChoices):
    MISSED = "missed", "Damage was left"
    TOO_MUCH = "too_much", "Something whole was painted over"
    BLURRY = "blurry", "A repair looks soft or smeared"
    FACE = "face", "A face looks wrong"
    COLOUR = "colour", "Colours look wrong"
    OTHER = "other", "Something else"


class Feedback(models.Model):
    """What went wrong, in its owner's words; it goes when the restoration goes."""

    restoration = models.ForeignKey(Restoration, on_delete=models.CASCADE, related_name="feedback")
    reasons = models.JSONField(default=list)
    text = models.TextField(blank=True)
    marks = models.JSONField(default=list, help_text="x and y in the photo's pixels.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"feedback on {self.restoration}"

    @property
    def words(self) -> list[str]:
        known = dict(Reason.choices)
        return [known[name] for name in self.reasons if name in known]

    @property
    def note(self) -> str:
        """All of it in one line, for whoever marks the damage."""
        said = ["; ".join(self.words), self.text]
        return ". ".join(part for part in said if part)


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    def shown(self) -> Self:
        """What hangs in the gallery, the latest first."""
        return self.filter(
            shown_at__isnull=False, restoration__job__state=State.SUCCEEDED
        ).order_by("-shown_at")


class Exhibit(models.Model):
    """A restoration whose owner agrees to show it. Staff hang it up and take it down.

    Its id is its public address: the private one of the restoration never shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restoration = models.OneToOneField(
        Restoration, on_delete=models.CASCADE, related_name="exhibit"
    )
    caption = models.CharField(max_length=200, blank=True)
    allowed_at = models.DateTimeField(db_default=Now())
    shown_at = models.DateTimeField(null=True, db_index=True)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        ordering = ["-allowed_at"]

    def __str__(self) -> str:
        return self.caption or "An old photograph"

    def hang(self, by: models.Model) -> bool:
        rows = Exhibit.objects.filter(pk=self.pk, shown_at=None)
        return rows.update(shown_at=Now(), shown_by=by) == 1

    def take_down(self) -> bool:
        rows = Exhibit.objects.filter(pk=self.pk, shown_at__isnull=False)
        return rows.update(shown_at=None, shown_by=None) == 1
