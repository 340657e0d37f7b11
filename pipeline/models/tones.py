"""A rendition's picture with its tones given back: a further file, never instead of it."""

import uuid

from django.db import models
from django.db.models.functions import Now

from photos.models import blob_key
from pipeline.models.restorations import Rendition


class TonedPictureQuerySet(models.QuerySet["TonedPicture"]):
    def files(self) -> set[str]:
        """Digests of all that is kept of them."""
        rows = self.values_list("image", "jpeg")
        return {str(digest) for row in rows for digest in row if digest}


class TonedPicture(models.Model):
    """Made from one rendition by one strength; asked twice, computed once. It goes with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="toned")
    recipe = models.CharField(
        max_length=64, help_text="SHA-256 over the rendition's recipe, strength and sepia."
    )
    image = blob_key(help_text="PNG with exactly the rendition's dimensions and depth.")
    jpeg = blob_key(help_text="The same picture for mail and web")
    created_at = models.DateTimeField(db_default=Now())

    objects = TonedPictureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rendition", "recipe"], name="toned_twice_made_once")
        ]

    def __str__(self) -> str:
        return f"{self.rendition}, with tones"
