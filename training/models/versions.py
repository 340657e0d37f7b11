"""Registered weights, what the gate saw of them, and what is in production."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from config.words.fields import SaidField
from photos.models import Blob, blob_key
from training import display_text
from training.models.runs import TrainingRun
from training.models.snapshots import Stage


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def usable(self) -> Self:
        """Weights that passed the gate, and rivals that need none."""
        return self.filter(models.Q(gate__passed=True) | ~models.Q(builtin=""))

    def with_weights(self) -> Self:
        return self.filter(builtin="")

    def trainable(self) -> Self:
        """Weights of our own networks, from which a training can go on."""
        return self.with_weights().exclude(origin=ModelVersion.Origin.IMPORTED)


class ModelVersion(models.Model):
    """Weights with their card; or a rival without weights (``builtin``), as honest yardstick."""

    class Origin(models.TextChoices):
        RUN = "run", "trained here"
        FILE = "file", "registered from a file"
        SHIPPED = "shipped", "shipped with Heirloom"
        BUILTIN = "builtin", "yardstick without weights"
        IMPORTED = "imported", "published elsewhere, imported"

    class Builtin(models.TextChoices):
        TELEA = "telea", "OpenCV Telea"
        NAVIER_STOKES = "navier_stokes", "OpenCV Navier-Stokes"
        GREY = "grey", "no colour"
        MEAN_CHROMA = "mean_chroma", "mean chroma"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stage = models.CharField(max_length=20, choices=Stage)
    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.RUN)
    builtin = models.CharField(max_length=20, choices=Builtin, blank=True, default="")
    weights = blob_key(help_text="safetensors")
    weights_sha256 = models.CharField(max_length=64, unique=True)
    onnx = blob_key(help_text="The exported network the CPU engine runs.")
    card = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    gate = models.JSONField(default=dict, help_text="How the export compared with torch float32.")
    run = models.OneToOneField(
        TrainingRun, null=True, on_delete=models.SET_NULL, related_name="version"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def gate_passed(self) -> bool:
        return self.gate.get("passed") is True

    @property
    def is_imported(self) -> bool:
        """A graph that others published: it runs in a child of its own."""
        return self.origin == self.Origin.IMPORTED

    @property
    def is_noncommercial(self) -> bool:
        """Whether its licence forbids commerce: said on every result that it had a part in."""
        return self.card.get("noncommercial") is True

    @property
    def headlines(self) -> list[display_text.Figure]:
        return display_text.headlines(self.stage, self.metrics)

    @property
    def gate_lines(self) -> list[str]:
        return [display_text.gate_line(photo) for photo in self.gate.get("photos", [])]

    @property
    def is_usable(self) -> bool:
        return bool(self.builtin) or self.gate_passed


class VersionPicture(models.Model):
    """What a version made of one of the gate's photos: given and answered, side by side."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="pictures")
    given = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    answered = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def current(self, stage: str) -> "Promotion | None":
        return self.filter(stage=stage).select_related("version").order_by("-pk").first()

    def lock(self, stage: str) -> None:
        """Inside a transaction: promotions of a stage that look before they act wait for each
        other. SQLite's writers wait anyway."""
        self.select_for_update().filter(stage=stage).order_by("pk").first()

    def in_production(self) -> "dict[str, Promotion]":
        """The current promotion of every stage that has one."""
        found = ((stage, self.current(stage)) for stage in Stage.values)
        return {stage: row for stage, row in found if row is not None}

    def before(self, current: "Promotion") -> "Promotion | None":
        """What a rollback would bring back: the latest row of another version."""
        rows = self.filter(stage=current.stage, pk__lt=current.pk).select_related("version")
        return rows.exclude(version=current.version_id).order_by("-pk").first()


class Promotion(models.Model):
    """Append-only: the latest row of a stage is what production runs. Rollback is one more row."""

    stage = models.CharField(max_length=20, choices=Stage)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    reason = SaidField()
    study_digest = models.CharField(max_length=64, blank=True)
    export_digest = models.CharField(max_length=64, blank=True, help_text="Of the study's zip.")
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["stage", "-id"])]

    def __str__(self) -> str:
        return f"{self.stage}: {self.version}"
