"""Trainings, and the numbers they wrote."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from jobs.models import Job
from training.models.snapshots import DatasetSnapshot, Stage


class TrainingRun(models.Model):
    """A recipe applied to a snapshot; its job is the truth about its state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stage = models.CharField(max_length=20, choices=Stage)
    recipe_name = models.CharField(max_length=60)
    recipe = models.JSONField()
    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="runs")
    parent = models.ForeignKey(
        "ModelVersion", null=True, on_delete=models.SET_NULL, related_name="children"
    )
    seed = models.PositiveIntegerField(default=0)
    cards = models.PositiveSmallIntegerField(
        null=True, help_text="Graphics cards at most; empty: every one that there is."
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.PROTECT, related_name="run")
    metrics_offset = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.recipe_name}"

    @property
    def folder(self) -> Path:
        """Where the loop reads and writes; a worker's disk, not the site's storage."""
        return Path(settings.RUNS_ROOT) / str(self.pk)


class RunMetric(models.Model):
    """One number of a run, as its loop wrote it."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="metrics")
    step = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    seconds = models.FloatField()
    split = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    value = models.FloatField(null=True)

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["run", "step", "split", "name"], name="a_metric_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value} at {self.step}"
