"""A restoration (a request) and its renditions (images made by named weights)."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from annotate.models import DefectMask, Photo, blob_key
from jobs.models import Job
from training.models import ModelVersion


def new_token() -> str:
    """128 bits that nobody guesses: the private link of a visitor without an account."""
    return secrets.token_urlsafe(24)


class Restoration(models.Model):
    """Somebody asked for the three results of a photo; its job is the truth about its state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="restorations")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="restorations"
    )
    job = models.OneToOneField(
        Job, null=True, on_delete=models.SET_NULL, related_name="restoration"
    )
    settings = models.JSONField(default=dict, help_text="threshold, mirrors, engine")
    renditions: "models.ManyToManyField[Rendition, models.Model]" = models.ManyToManyField(
        "Rendition", related_name="restorations"
    )
    report = models.JSONField(default=dict, help_text="largest hole, seconds of every stage")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"restoration of {self.photo}"


class Rendition(models.Model):
    """One image made by named weights from one photo; asked twice, computed once."""

    class Kind(models.TextChoices):
        MASK = "mask", "defects found"
        PROBABILITY = "probability", "defect probability"
        INPAINTED = "inpainted", "inpainted"
        INPAINTED_COLORIZED = "inpainted_colorized", "inpainted and colourised"
        COLORIZED = "colorized", "colourised"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=20, choices=Kind)
    recipe = models.CharField(
        max_length=64, help_text="SHA-256 over the weights, mask and settings that made it."
    )
    segmentation = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    inpainting = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    colorization = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    human_mask = models.ForeignKey(
        DefectMask, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    image = blob_key(help_text="PNG with exactly the photo's dimensions")
    preview = blob_key(help_text="JPEG, long side at most 1600 px")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "kind", "recipe"], name="asked_twice_computed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.photo}"
