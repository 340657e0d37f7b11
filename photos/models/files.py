"""Content-addressed files."""

from django.db import models
from django.db.models.functions import Now


class Blob(models.Model):
    """A file named by the SHA-256 of its bytes; written before any row refers to it."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.media_type})"


def blob_key(help_text: str = "") -> "models.ForeignKey[Blob | None, Blob | None]":
    """A reference to a derived file: optional, and never the reason a blob disappears."""
    return models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=help_text
    )
