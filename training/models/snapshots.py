"""Frozen sets of photographs and masks to learn from."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models import DefectMask
from photos.models import OfPhotoQuerySet, Photo


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
