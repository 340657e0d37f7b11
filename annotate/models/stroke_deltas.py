"""The saves of a mask."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from annotate.models.masks import DefectMask
from config.web.prepared_queries import Add, Find, Given
from photos.models.files import Blob, blob_key


class StrokeDelta(models.Model):
    """What one save changed: append-only, so that a repeated request is recognised."""

    mask = models.ForeignKey(DefectMask, on_delete=models.CASCADE, related_name="deltas")
    revision = models.PositiveIntegerField()
    tiles = blob_key()
    client = models.CharField(max_length=64)
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    active_seconds = models.FloatField(default=0.0, help_text="Of this client, so far.")
    tools = models.JSONField(
        null=True, help_text="Actions and seconds by tool, of this client so far."
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mask", "revision"], name="one_delta_a_revision"),
            models.UniqueConstraint(fields=["mask", "client", "last_seq"], name="a_save_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.mask_id}"

    @staticmethod
    def latest_of(mask: DefectMask, client: str) -> tuple[int, int, float] | None:
        """Number, revision and seconds of what this client saved last."""
        return next(iter(LATEST(mask=mask.pk, client=client)), None)

    @staticmethod
    def add(mask: DefectMask, tiles: Blob, **facts: Any) -> None:
        """One row for the mask's present revision."""
        ADD(mask_id=mask.pk, revision=mask.revision, tiles_id=tiles.pk, **facts)


def _delta() -> StrokeDelta:
    """Every column but the number is told."""
    told: dict[str, Any] = {
        "mask_id": models.UUIDField(),
        "revision": models.IntegerField(),
        "tiles_id": models.CharField(),
        "client": models.CharField(),
        "first_seq": models.IntegerField(),
        "last_seq": models.IntegerField(),
        "active_seconds": models.FloatField(),
        "tools": models.JSONField(),
    }
    given = {name: Given(name, field) for name, field in told.items()}
    return StrokeDelta(**given, created_at=Now())


def _latest() -> models.QuerySet[StrokeDelta, tuple[int, int, float]]:
    mask, client = Given("mask", models.UUIDField()), Given("client", models.CharField())
    rows = StrokeDelta.objects.filter(mask=mask, client=client).order_by("-last_seq")
    return rows.values_list("last_seq", "revision", "active_seconds")[:1]


LATEST = Find(_latest)
ADD = Add(_delta)
