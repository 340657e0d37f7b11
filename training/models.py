"""From labels to registered weights: snapshots, runs, versions, what is in production."""

import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models import DefectMask
from jobs.models import Job
from photos.models import Blob, OfPhotoQuerySet, Photo, blob_key
from training import display_text
from training.evaluations import Evaluation, PromotionRequest

__all__ = [
    "DatasetSnapshot",
    "Evaluation",
    "ModelVersion",
    "Promotion",
    "PromotionRequest",
    "RunMetric",
    "SnapshotItem",
    "Stage",
    "TrainingRun",
    "VersionPicture",
]


class Stage(models.TextChoices):
    SEGMENTATION = "segmentation", "finds defects"
    INPAINTING = "inpainting", "fills defects"
    COLORIZATION = "colorization", "adds colour"


class DatasetSnapshotQuerySet(models.QuerySet["DatasetSnapshot"]):
    def with_counts(self) -> Self:
        """How many items train, are held out, and carry a mask."""
        held = models.Q(items__split=SnapshotItem.Split.VALIDATION)
        return self.annotate(
            photos=models.Count("items"),
            held_out=models.Count("items", filter=held),
            masked=models.Count("items", filter=~models.Q(items__mask_digest="")),
        )


class DatasetSnapshot(models.Model):
    """Accepted masks and clean photos frozen with their split; never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    seed = models.PositiveIntegerField(default=0)
    validation_share = models.FloatField(default=0.2)
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = DatasetSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class SnapshotItemQuerySet(OfPhotoQuerySet["SnapshotItem"]):
    def training(self) -> Self:
        return self.filter(split=SnapshotItem.Split.TRAIN)

    def remaining(self) -> Self:
        """Without photos that were erased, or whose owner withdrew leave: they train nothing."""
        return self.filter(photo__state=Photo.State.READY).with_leave()

    def gone(self) -> Self:
        left = Photo.objects.with_leave().filter(state=Photo.State.READY)
        return self.exclude(photo__isnull=False, photo__in=left)

    def usable_for(self, stage: str) -> Self:
        """What `shows` the stage its work and, of colours, photos that somebody painted on."""
        shown = self.shows(stage)
        if stage != Stage.COLORIZATION:
            return shown
        return shown | self.remaining().filter(colour_hints__isnull=False)

    def shows(self, stage: str) -> Self:
        """Damaged photos teach where damage is; only undamaged ones show what to paint."""
        rows = self.remaining()
        if stage == Stage.SEGMENTATION:
            return rows
        rows = rows.filter(mask_digest="")
        return rows.filter(photo__is_grey=False) if stage == Stage.COLORIZATION else rows


class SnapshotItem(models.Model):
    """A photo as it was frozen, with its mask, or without one as a clean ground.

    Digests say what was frozen; the files stay with photo and mask, so that erasing a photo
    takes it out of every later run.
    """

    class Split(models.TextChoices):
        TRAIN = "train", "train"
        VALIDATION = "validation", "validation"

    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.CASCADE, related_name="items")
    photo = models.ForeignKey(Photo, null=True, on_delete=models.SET_NULL, related_name="+")
    mask = models.ForeignKey(DefectMask, null=True, on_delete=models.SET_NULL, related_name="+")
    image_digest = models.CharField(max_length=64)
    mask_digest = models.CharField(max_length=64, blank=True, help_text="Of the raw mask.")
    mask_origin = models.CharField(max_length=10, choices=DefectMask.Origin, blank=True)
    split = models.CharField(max_length=10, choices=Split)
    group = models.CharField(max_length=120)
    licence = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    colour_hints = models.JSONField(
        null=True, blank=True, help_text="Strokes of colour by the photo's owner."
    )

    objects = SnapshotItemQuerySet.as_manager()

    class Meta:
        ordering = ["split", "group", "image_digest"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "image_digest"], name="a_photo_once")
        ]

    def __str__(self) -> str:
        return f"{self.split}: {self.photo}"


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
    reason = models.TextField()
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
