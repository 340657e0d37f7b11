"""What versions are worth: figures of a version on a snapshot, and promotions that wait."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job

ALONE_HOURS = 24  # that a promotion with a warning waits where there is one admin


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def measured(self) -> Self:
        return self.filter(measured_at__isnull=False)


class Evaluation(models.Model):
    """A version's figures on what a snapshot holds; measured once its job has come to an end."""

    class Part(models.TextChoices):
        VALIDATION = "validation", "held out"
        ALL = "all", "all photographs"

    version = models.ForeignKey(
        "training.ModelVersion", on_delete=models.CASCADE, related_name="evaluations"
    )
    snapshot = models.ForeignKey(
        "training.DatasetSnapshot", on_delete=models.PROTECT, related_name="evaluations"
    )
    part = models.CharField(max_length=10, choices=Part, default=Part.VALIDATION)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    figures = models.JSONField(default=dict, help_text="By method: the version and its rivals.")
    notes = models.JSONField(default=list)
    pictures = models.PositiveIntegerField(default=0)
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of the photographs: alike, and figures compare."
    )
    trained_on = models.PositiveIntegerField(
        default=0, help_text="Of the pictures, those that the version learnt from."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    measured_at = models.DateTimeField(null=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "snapshot", "part"], name="a_version_once_a_set"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} on {self.snapshot}, {self.get_part_display()}"

    @property
    def own(self) -> dict[str, Any]:
        """The version's figures, without its rivals'."""
        found: dict[str, Any] = self.figures.get("version") or {}
        return found


class PromotionRequest(models.Model):
    """A promotion that a warning holds back: WAITING -> GRANTED | WITHDRAWN."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        GRANTED = "granted", "granted"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        "training.ModelVersion", on_delete=models.CASCADE, related_name="requests"
    )
    reason = models.TextField()
    warnings = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(state="waiting"),
                name="one_waiting_request_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.get_state_display()}"

    @property
    def ripe_at(self) -> Any:
        """When the admin who asked may decide alone, where there is no other."""
        return self.asked_at + timedelta(hours=ALONE_HOURS)

    @property
    def is_ripe(self) -> bool:
        return bool(timezone.now() >= self.ripe_at)

    def decide(self, state: str, by: Any) -> bool:
        """By compare-and-set: False where somebody decided before."""
        waiting = PromotionRequest.objects.filter(pk=self.pk, state=self.State.WAITING)
        return waiting.update(state=state, decided_by=by, decided_at=Now()) == 1
