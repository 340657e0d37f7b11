"""One coming in of masks or photos, from its plan to its undoing."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from config.words.fields import SaidField
from config.words.said import plain
from photos.models import Photo
from photos.models.files import blob_key


class Import(models.Model):
    """PLANNING -> PLANNED | REFUSED; PLANNED -> APPLYING -> DONE | REFUSED; DONE -> UNDONE"""

    class Kind(models.TextChoices):
        MASKS = "masks", "masks"
        PHOTOS = "photos", "photos"

    class State(models.TextChoices):
        PLANNING = "planning", "being looked through"
        PLANNED = "planned", "looked through"
        APPLYING = "applying", "coming in"
        DONE = "done", "in"
        REFUSED = "refused", "refused"
        UNDONE = "undone", "undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MASKS)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNING)
    name = models.CharField(max_length=300, blank=True, help_text="Of the file.")
    source = blob_key(help_text="The file, while somebody may still say yes to it.")
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict, help_text="What would come in, photo by photo.")
    reason = SaidField(blank=True, help_text="Why it was refused, in a sentence.")
    photos = models.ManyToManyField(Photo, related_name="imports", help_text="That it brought.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"import of {self.name or self.get_kind_display()}"

    def tell(self, said: Mapping[str, Any], photo: Photo | None = None) -> None:
        """A line of the report of photos, which come one by one and may come side by side."""
        ImportLine.objects.create(brought=self, photo=photo, **said)

    def rows(self, most: int | None = None) -> list[dict[str, Any]]:
        """The first ``most`` rows of the report, or all."""
        told = [line.as_json() for line in self.lines.all()[:most]]
        return told or list(self.report.get("rows", []))[:most]

    def counts(self) -> dict[str, int]:
        """How many rows of each outcome."""
        found = self.lines.order_by("outcome").values_list("outcome")
        told = dict(found.annotate(count=models.Count("pk")))
        return told or dict(self.report.get("counts", {}))

    @property
    def told(self) -> dict[str, Any]:
        """The whole report."""
        return {**self.report, "rows": self.rows(), "counts": self.counts()}

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.PLANNING, self.State.APPLYING)

    def move(self, *before: State, after: State, **more: Any) -> bool:
        """Compare-and-set: two clicks do the work once."""
        rows = Import.objects.filter(pk=self.pk, state__in=before)
        if rows.update(state=after, **more) != 1:
            return False
        self.refresh_from_db()
        return True


class ImportLine(models.Model):
    """One file of an import of photos, and what became of it."""

    class Outcome(models.TextChoices):
        NEW = "new", "came in"
        HERE = "here", "already here"
        LEFT_OUT = "left out", "left out"
        REFUSED = "refused", "refused"

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    photo = models.ForeignKey(
        Photo, null=True, on_delete=models.SET_NULL, related_name="import_lines"
    )
    file = models.CharField(max_length=500)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = SaidField(blank=True)
    title = models.CharField(max_length=200, blank=True, help_text="The photo's, when it came.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.file}: {self.get_outcome_display()}"

    def as_json(self) -> dict[str, Any]:
        number = str(self.photo_id) if self.photo_id else None
        said = {"file": self.file, "outcome": self.outcome, "reason": plain(self.reason)}
        return said | {"photo": number, "title": self.title}
