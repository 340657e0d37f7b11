"""What a network suggests about a photo."""

from django.db import models
from django.db.models.functions import Now

from photos.models import Photo, blob_key


class Suggestion(models.Model):
    """A network's probability map over a photo, by named weights; written by pipeline."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="suggestions")
    weights = models.CharField(max_length=64)
    probability = blob_key(help_text="8-bit PNG, 255 times the probability of any defect.")
    threshold = models.FloatField()
    uncertainty = models.FloatField(default=0.0, help_text="0: sure of every pixel; 1: of none.")
    disagreement = models.FloatField(
        null=True,
        help_text="0..1: how far it is from what other weights said before; null: none did.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "weights"], name="one_suggestion_a_weights")
        ]

    def __str__(self) -> str:
        return f"suggestion for {self.photo}"
