"""Rivals of a study: sets of pictures that were made elsewhere, with a card of their own."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from config.words.fields import SaidField
from evaluation.models.studies import Study
from photos.models import Photo, blob_key


class Rival(models.Model):
    """Whose pictures, under which licence, from where."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="rivals")
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    maker = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    passed_over = models.JSONField(default=list, help_text="Files that were not taken, and why.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="a_rival_once_a_study")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def digest(self) -> str:
        """SHA-256 over its pictures, in the order of photos."""
        rows = self.pictures.order_by("photo_id").values_list("photo_id", "image_id")
        text = "\n".join(f"{photo} {image}" for photo, image in rows)
        return hashlib.sha256(f"rival {self.name}\n{text}".encode()).hexdigest()

    def missing(self) -> "models.QuerySet[Photo]":
        """Photos of the study that it has no picture of."""
        found = self.study.photos.exclude(pk__in=self.pictures.values("photo"))
        return found.order_by("title")


class RivalPicture(models.Model):
    """A rival's picture of one photo, brought to the photo's size."""

    rival = models.ForeignKey(Rival, on_delete=models.CASCADE, related_name="pictures")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    image = blob_key(help_text="PNG, aligned with the photo")
    file_name = models.CharField(max_length=200)
    fitted = SaidField(blank=True, help_text="What was done to make it fit.")
    lacks = models.JSONField(
        null=True, help_text="What it had nothing of: px at top, right, bottom and left."
    )
    lossy = models.BooleanField(
        null=True, help_text="Came in a format whose traces an eye may find."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rival", "photo"], name="a_rivals_picture_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.rival}"
