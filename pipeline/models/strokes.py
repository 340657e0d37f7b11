"""A stroke on a mask under correction, filled for a look before anything is restored."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now

from jobs.models import Job
from photos.models import blob_key
from pipeline.models.restorations import Restoration

KEPT = timedelta(hours=1)


class StrokeQuerySet(models.QuerySet["Stroke"]):
    def old(self) -> Self:
        """Looked at long ago."""
        return self.filter(created_at__lt=Now() - KEPT)

    def stop(self) -> None:
        """Nobody looks any more: their work need not be done."""
        for job in Job.objects.active().filter(stroke__in=self):
            job.request_cancel()

    def files(self) -> set[str]:
        """Digests of all that is kept of them."""
        rows = self.values_list("marks", "picture")
        return {str(digest) for row in rows for digest in row if digest}


class Stroke(models.Model):
    """What was marked around a stroke, and the picture of it filled; it goes after an hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restoration = models.ForeignKey(Restoration, on_delete=models.CASCADE, related_name="strokes")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="stroke")
    marks = blob_key(
        help_text="The mask around it in the painter's tiles; `ignore` where it is to be filled."
    )
    picture = blob_key(help_text="PNG of the box, clear where nothing was filled.")
    box = models.JSONField(default=list, help_text="x, y, width, height in the photo.")
    reduced = models.PositiveSmallIntegerField(
        default=1, help_text="How often smaller it was filled than it is shown."
    )
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    objects = StrokeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"a stroke on {self.restoration}"
